using System.Text.RegularExpressions;
using DistillSharp.Graph.Zoo;

namespace DistillSharp.Graph.Tests.Zoo;

public sealed partial class ModelOptionsTests
{
    public static TheoryData<string> Keys => [.. ModelZoo.KeysOf("classification")];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_model_takes_a_named_batch_of_pictures_and_gives_logits(string key)
    {
        var graph = ModelZoo.Build(key, classes: 7, channels: 1, height: 32, width: 40);

        var input = Assert.Single(graph.Inputs);
        var output = Assert.Single(graph.Outputs);
        Assert.Equal("input: Float32 [batch, 1, 32, 40]", input.ToString());
        Assert.Equal("logits: Float32 [batch, 7]", output.ToString());
        Assert.Equal(key, graph.Name);
        Assert.Matches(KebabCase(), key);
    }

    [Theory]
    [InlineData("resnet110", 8)]
    [InlineData("wrn-40-2", 8)]
    [InlineData("vgg13", 8)]
    [InlineData("shufflenet-v1", 8)]
    [InlineData("shufflenet-v2", 8)]
    [InlineData("mobilenetv2-half", 16)]
    [InlineData("lenet5", 28)]
    public void Pictures_too_small_for_a_model_are_refused_with_both_sizes(string key, int smallest)
    {
        Assert.NotNull(ModelZoo.Build(key, height: smallest, width: smallest));

        var error = Assert.Throws<ArgumentException>(() => ModelZoo.Build(key, height: smallest, width: smallest - 1));
        Assert.Contains($"'{key}'", error.Message, StringComparison.Ordinal);
        Assert.Contains($"at least {smallest}x{smallest}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{smallest}x{smallest - 1}.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_refused_where_they_are_set()
    {
        Assert.Contains("2 classes or more", Assert.Throws<ArgumentOutOfRangeException>(() => new ModelOptions { Classes = 1 }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(nameof(ModelOptions.Channels), () => new ModelOptions { Channels = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(nameof(ModelOptions.Height), () => new ModelOptions { Height = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(nameof(ModelOptions.Width), () => new ModelOptions { Width = -3 });
        Assert.Contains("[800, 0]", Assert.Throws<ArgumentOutOfRangeException>(() => new MlpOptions { Widths = [800, 0] }).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_share_of_dropped_units_is_0_or_more_and_below_1(double share)
    {
        Assert.Throws<ArgumentOutOfRangeException>(nameof(MlpOptions.Dropout), () => new MlpOptions { Dropout = share });
        Assert.Throws<ArgumentOutOfRangeException>(nameof(MlpOptions.InputDropout), () => new MlpOptions { InputDropout = share });
        Assert.Throws<ArgumentOutOfRangeException>(nameof(WideResNetOptions.Dropout), () => new WideResNetOptions { Dropout = share });
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex KebabCase();
}
