using System.Text.RegularExpressions;
using DistillSharp.Detection;
using DistillSharp.Recipes;
using DistillSharp.TestKit;

namespace Architecture.Tests;

public partial class TextTests
{
    public static TheoryData<string> Recipes => [.. RepositoryFiles.All.Where(path => path.StartsWith("recipes/", StringComparison.Ordinal) && path.EndsWith(".yaml", StringComparison.Ordinal))];

    [Fact]
    public void Every_relative_link_of_a_document_leads_somewhere()
    {
        foreach (string path in RepositoryFiles.All.Where(path => path.EndsWith(".md", StringComparison.Ordinal)))
        {
            foreach (Match link in Link().Matches(Code().Replace(RepositoryFiles.Read(path), "")))
            {
                string target = Uri.UnescapeDataString(link.Groups[1].Value.Split('#')[0]);
                if (target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal))
                {
                    string full = Path.GetFullPath(Path.Combine(SharedFolder.RepositoryRoot, Path.GetDirectoryName(path)!, target));
                    Assert.True(Path.Exists(full), $"{path} links to '{target}', which is not there.");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void A_recipe_is_sound_and_opens_with_the_command_that_runs_it(string path)
    {
        string[] opening = [.. RepositoryFiles.Read(path).Split('\n').TakeWhile(line => line.StartsWith('#'))];
        Assert.Contains(opening, line => Regex.IsMatch(line, $@"(distill|DistillSharp\.Cli --) run {Regex.Escape(path)}\b"));
        string full = Path.Combine(SharedFolder.RepositoryRoot, path);
        Assert.NotNull(DetectionRecipe.Is(full) ? DetectionRecipe.Load(full) : (object)RecipeReader.Load(full));
    }

    [Fact]
    public void No_file_names_a_folder_of_somebodys_machine()
    {
        foreach (string path in RepositoryFiles.Texts.Where(path => path != "tests/Architecture.Tests/TextTests.cs"))
        {
            var match = Machine().Match(RepositoryFiles.Read(path));
            Assert.False(match.Success, $"{path} names '{match.Value}'.");
        }
    }

    [GeneratedRegex(@"\]\(\s*<?([^)\s>]+)>?(?:\s+""[^""]*"")?\s*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"(?<![\w.:/-])/(?:work|root|home|Users)/\w+|(?<!\w)[A-Z]:\\Users\\")]
    private static partial Regex Machine();
}
