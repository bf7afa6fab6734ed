using CsCheck;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Tests;

public sealed class ModelCardTests
{
    private static readonly ModelCard s_card = new("classification", ["T-shirt", "a \"b\", c", "größe"], new(3, 32, 64, [0.4914f, 0.1f, 1e-7f], [0.247f, 0.25f, 1]))
    {
        Provenance = new Dictionary<string, string> { ["model"] = "resnet20", ["seed"] = "1" },
    };

    [Fact]
    public void A_card_survives_the_files_metadata()
    {
        var read = ModelCard.FromMetadata(s_card.ToMetadata());

        Equal(s_card, read);
        Assert.Equal(s_card.ToMetadata(), read!.ToMetadata());
    }

    [Fact]
    public void Any_card_survives_the_files_metadata() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 0, 10].Array[1, 20], Gen.Float[-10, 10].Array[3], Gen.Float[0.0001f, 10].Array[3], Gen.Int[1, 65_536], Gen.Int[1, 65_536]).Sample(
            (names, mean, deviation, height, width) =>
            {
                var card = new ModelCard("classification", names, new(3, height, width, mean, deviation));
                Equal(card, ModelCard.FromMetadata(card.ToMetadata()));
            },
            iter: 500);

    [Fact]
    public void The_entries_can_be_read_by_any_tool()
    {
        var metadata = s_card.ToMetadata();

        Assert.Equal("classification", metadata["distillsharp.task"]);
        Assert.Equal("3x32x64", metadata["distillsharp.input"]);
        Assert.Equal("0.4914,0.1,1E-07", metadata["distillsharp.mean"]);
        Assert.Equal("resnet20", metadata["distillsharp.provenance.model"]);
        Assert.All(metadata.Keys, key => Assert.StartsWith("distillsharp.", key, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_without_a_card_has_none_whatever_else_it_carries()
    {
        Assert.Null(ModelCard.FromMetadata(new Dictionary<string, string>()));
        Assert.Null(ModelCard.FromMetadata(new Dictionary<string, string> { ["author"] = "someone", ["distillsharp.trainable"] = "1" }));
    }

    [Theory]
    [InlineData("distillsharp.names")]
    [InlineData("distillsharp.input")]
    [InlineData("distillsharp.mean")]
    [InlineData("distillsharp.std")]
    public void An_entry_that_is_missing_is_named(string key)
    {
        var metadata = s_card.ToMetadata().Where(pair => pair.Key != key).ToDictionary();

        Assert.Equal($"The model's card is damaged: it has no '{key}'.", Assert.Throws<DataException>(() => ModelCard.FromMetadata(metadata)).Message);
    }

    [Theory]
    [InlineData("distillsharp.names", "[\"a\",", "'distillsharp.names' is no JSON list of class names")]
    [InlineData("distillsharp.names", "{\"a\": 1}", "'distillsharp.names' is no JSON list of class names")]
    [InlineData("distillsharp.names", "[\"a\", null]", "'distillsharp.names' is no JSON list of class names")]
    [InlineData("distillsharp.names", "[]", "0 class names")]
    [InlineData("distillsharp.names", "null", "0 class names")]
    [InlineData("distillsharp.input", "3x32", "input '3x32'")]
    [InlineData("distillsharp.input", "3x32x", "input '3x32x'")]
    [InlineData("distillsharp.input", "3x-32x32", "input '3x-32x32'")]
    [InlineData("distillsharp.input", "3x32x99999999999", "input '3x32x99999999999'")]
    [InlineData("distillsharp.input", "3x32x65537", "input '3x32x65537'")]
    [InlineData("distillsharp.input", "2x32x32", "input '2x32x32'")]
    [InlineData("distillsharp.mean", "0,0", "2 means and 3 deviations")]
    [InlineData("distillsharp.mean", "0,NaN,0", "'distillsharp.mean' holds 'NaN', which is no number")]
    [InlineData("distillsharp.mean", "0,,0", "'distillsharp.mean' holds '', which is no number")]
    [InlineData("distillsharp.std", "1,0,1", "do not fit together")]
    [InlineData("distillsharp.std", "1,-1,1", "do not fit together")]
    [InlineData("distillsharp.std", "1,1e39,1", "'distillsharp.std' holds '1e39', which is no number")]
    public void A_damaged_entry_is_refused_with_what_it_holds(string key, string value, string reason)
    {
        var metadata = new Dictionary<string, string>(s_card.ToMetadata()) { [key] = value };

        string message = Assert.Throws<DataException>(() => ModelCard.FromMetadata(metadata)).Message;

        Assert.StartsWith("The model's card is damaged: ", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    private static void Equal(ModelCard expected, ModelCard? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Task, actual.Task);
        Assert.Equal(expected.ClassNames, actual.ClassNames);
        Assert.Equal((expected.Input.Channels, expected.Input.Height, expected.Input.Width), (actual.Input.Channels, actual.Input.Height, actual.Input.Width));
        Assert.Equal(expected.Input.Mean, actual.Input.Mean);
        Assert.Equal(expected.Input.Deviation, actual.Input.Deviation);
        Assert.Equal(expected.Provenance, actual.Provenance);
    }
}
