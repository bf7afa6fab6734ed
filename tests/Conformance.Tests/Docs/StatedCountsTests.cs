using System.Globalization;
using System.Text.RegularExpressions;
using DistillSharp.Execution;
using DistillSharp.Plugins;
using DistillSharp.TestKit;

namespace Conformance.Tests.Docs;

/// <summary>Where a page states how many of something the library has, the catalogue has as many.</summary>
public sealed partial class StatedCountsTests
{
    private static readonly PluginCatalogs s_all = PluginCatalogs.BuiltIn;

    private static readonly Dictionary<string, int> s_counts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["losses"] = s_all.Losses.All.Count,
        ["operators"] = OperatorTable.Covered.Count,
        ["models"] = s_all.Models.All.Count,
        ["classifiers"] = s_all.Models.All.Count(model => model.Task == "classification"),
        ["detectors"] = s_all.Models.All.Count(model => model.Task == "detection"),
        ["augmentations"] = s_all.Augmentations.All.Count,
        ["optimizers"] = s_all.Optimizers.All.Count,
        ["optimisers"] = s_all.Optimizers.All.Count,
        ["schedules"] = s_all.Schedules.All.Count,
        ["data sets"] = s_all.Datasets.All.Count,
    };

    [Fact]
    public void The_pages_state_what_the_catalogues_hold()
    {
        var found = Pages().SelectMany(page => Count().Matches(File.ReadAllText(page)).Select(match => (Page: page, Stated: match))).ToList();

        Assert.All(found, one =>
        {
            string kind = Space().Replace(one.Stated.Groups["kind"].Value, " ");
            int stated = int.Parse(one.Stated.Groups["count"].Value, CultureInfo.InvariantCulture);
            Assert.True(stated == s_counts[kind], $"{one.Page} states '{one.Stated.Value}', but the catalogue has {s_counts[kind]} {kind}.");
        });
        Assert.Contains(found, one => one.Page.EndsWith("README.md", StringComparison.Ordinal) && one.Stated.Groups["kind"].Value == "losses");
    }

    /// <summary>The pages that speak of the present: a log and a changelog tell what was.</summary>
    private static IEnumerable<string> Pages() =>
    [
        Path.Combine(SharedFolder.RepositoryRoot, "README.md"),
        .. Directory.GetFiles(Path.Combine(SharedFolder.RepositoryRoot, "docs"), "*.md", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) != "log.md").Order(StringComparer.Ordinal),
    ];

    [GeneratedRegex(@"\b(?<count>\d+)\s+(?:ONNX\s+)?(?<kind>losses|operators|models|classifiers|detectors|augmentations|optimi[sz]ers|schedules|data\s+sets)\b")]
    private static partial Regex Count();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
