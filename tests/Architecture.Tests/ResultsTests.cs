using System.Text.RegularExpressions;

namespace Architecture.Tests;

public partial class ResultsTests
{
    private const string Folder = "benchmarks/results/", Page = Folder + "README.md";

    [Fact]
    public void Every_results_file_is_listed_with_the_commit_it_was_measured_at()
    {
        var rows = RepositoryFiles.Read(Page).Split('\n').Where(line => line.StartsWith("| [", StringComparison.Ordinal)).Select(line => line.Split('|')).ToList();
        Assert.All(rows, row => Assert.Matches(Commit(), row[2]));

        string[] listed = [.. rows.SelectMany(row => Link().Matches(row[1])).Select(link => link.Groups[1].Value).Order(StringComparer.Ordinal)];
        string[] present = [.. RepositoryFiles.All.Where(path => path.StartsWith(Folder, StringComparison.Ordinal) && path != Page).Select(path => path[Folder.Length..].Split('/')[0]).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(present, listed);
    }

    [Fact]
    public void The_list_repeats_the_commit_that_a_file_names_itself()
    {
        int compared = 0;
        foreach (string path in RepositoryFiles.All.Where(path => path.StartsWith(Folder, StringComparison.Ordinal) && path.EndsWith(".txt", StringComparison.Ordinal)))
        {
            if (Named().Match(RepositoryFiles.Read(path).Split('\n')[0]) is { Success: true } named)
            {
                string row = RepositoryFiles.Read(Page).Split('\n').Single(line => line.Contains($"]({path[Folder.Length..]})", StringComparison.Ordinal));
                Assert.Contains($"`{named.Groups[1].Value}`", row, StringComparison.Ordinal);
                compared++;
            }
        }

        Assert.True(compared > 0, "No results file names its commit.");
    }

    [GeneratedRegex("`[0-9a-f]{7}`")]
    private static partial Regex Commit();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\(([0-9a-f]{7}),")]
    private static partial Regex Named();
}
