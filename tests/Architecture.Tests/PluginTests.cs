using System.Reflection;
using System.Text.RegularExpressions;
using DistillSharp.Graph;
using DistillSharp.Graph.Zoo;
using DistillSharp.Plugins;

namespace Architecture.Tests;

public class PluginTests
{
    private static readonly string s_tests = string.Concat(RepositoryFiles.Sources("tests").Where(path => !path.StartsWith("tests/Architecture.Tests/", StringComparison.Ordinal)).Select(RepositoryFiles.Read));

    public static TheoryData<string, string> Plugins
    {
        get
        {
            var all = PluginCatalogs.BuiltIn;
            IEnumerable<Plugin> plugins = [.. all.Datasets.All, .. all.Augmentations.All, .. all.Losses.All, .. all.Optimizers.All, .. all.Schedules.All, .. all.Passes.All];
            return [.. plugins.Select(plugin => new TheoryDataRow<string, string>(plugin.Key, plugin.Implementation.Name))];
        }
    }

    public static TheoryData<string, string> Models =>
        [.. typeof(ModelGraph).Assembly.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(method => method.IsDefined(typeof(ModelAttribute)))
            .Select(method => new TheoryDataRow<string, string>(method.GetCustomAttribute<ModelAttribute>()!.Key, method.DeclaringType!.Name))];

    [Theory]
    [MemberData(nameof(Plugins))]
    public void Every_plug_in_has_a_test_that_names_it(string key, string type) =>
        Assert.True(s_tests.Contains(type, StringComparison.Ordinal) || s_tests.Contains($"\"{key}\"", StringComparison.Ordinal), $"No test names {type} or \"{key}\".");

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_model_has_a_test_that_names_it(string key, string type) =>
        Assert.True(s_tests.Contains($"\"{key}\"", StringComparison.Ordinal) || Regex.IsMatch(s_tests, $@"\b{type}\."), $"No test names {type} or \"{key}\".");
}
