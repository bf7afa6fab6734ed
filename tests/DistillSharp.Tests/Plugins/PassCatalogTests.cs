using DistillSharp.Graph;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Passes.Opsets;
using DistillSharp.Plugins;

namespace DistillSharp.Tests.Plugins;

public sealed class PassCatalogTests
{
    private static readonly PassCatalog s_passes = PluginCatalogs.BuiltIn.Passes;

    public static TheoryData<string> Keys => [.. s_passes.All.Select(pass => pass.Key)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_pass_can_be_had_with_nothing_said_and_is_described(string key)
    {
        var plugin = s_passes.All.Single(pass => pass.Key == key);

        Assert.IsAssignableFrom<GraphPass>(s_passes.Create(key));
        Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", key);
        Assert.False(plugin.Summary.EndsWith('.') || plugin.Summary.Contains('\n', StringComparison.Ordinal));
        Assert.EndsWith("Pass", plugin.Implementation.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pass_takes_its_own_options_and_no_others()
    {
        var graph = new ModelGraph { Opset = 13 };

        Assert.Equal(18, s_passes.Create("upgrade-opset", new UpgradeOpsetOptions { Target = 18 }).Apply(graph).Graph.Opset);
        Assert.Contains("takes UpgradeOpsetOptions", Assert.Throws<ArgumentException>(() => s_passes.Create("upgrade-opset", new UntieOptions())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_near_miss_is_suggested() => Assert.Contains("Did you mean 'fold-batch-norm'?", Assert.Throws<UnknownPluginException>(() => s_passes.Create("fold-batchnorm")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_passes_that_need_no_names_are_there() =>
        Assert.Superset(new HashSet<string> { "dynamic-batch", "float16", "fold-batch-norm", "fold-constants", "inline-if", "insert-batch-norm", "normalize-activations", "remove-dead", "remove-identity", "untie", "upgrade-opset" }, Keys.Select(row => row.Data).ToHashSet());
}
