using System.Text.RegularExpressions;

namespace Architecture.Tests;

public partial class LayoutTests
{
    private static readonly string[] s_shapeless = ["Utils", "Util", "Utilities", "Common", "Helpers", "Helper", "Misc"];

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void A_namespace_is_its_project_and_folder(string root)
    {
        foreach (string path in RepositoryFiles.Sources(root))
        {
            var match = Namespace().Match(RepositoryFiles.Read(path));
            string expected = string.Join('.', path.Split('/')[1..^1]), found = match.Groups[1].Value;
            bool program = !match.Success && path.EndsWith("/Program.cs", StringComparison.Ordinal);
            Assert.True(program || found == expected || found == "DistillSharp." + expected, $"{path} is in '{found}' instead of {expected}.");
        }
    }

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void A_file_is_named_after_a_type_in_it(string root)
    {
        foreach (string path in RepositoryFiles.Sources(root).Where(path => !path.EndsWith("/Program.cs", StringComparison.Ordinal)))
        {
            // ModelCard.Metadata.cs and GraphBuilder.Layers.cs are parts of one type; Activations.cs may hold a family.
            string name = Path.GetFileNameWithoutExtension(path).Split('.')[0];
            Assert.True(Regex.IsMatch(RepositoryFiles.Read(path), $@"\b(class|record|struct|interface|enum|delegate [\w<>\[\],? ]+)\s+{name}\b|\b(record struct|record class)\s+{name}\b"), $"{path} holds no type {name}.");
        }
    }

    [Fact]
    public void No_folder_and_no_file_is_named_after_nothing()
    {
        foreach (string path in RepositoryFiles.All)
        {
            Assert.Empty(Path.ChangeExtension(path, null).Split('/').Intersect(s_shapeless, StringComparer.OrdinalIgnoreCase));
        }
    }

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void Files_are_short(string root)
    {
        var lengths = RepositoryFiles.Sources(root).Select(path => (Path: path, Lines: RepositoryFiles.Read(path).AsSpan().Count('\n'))).OrderBy(file => file.Lines).ToList();
        Assert.All(lengths, file => Assert.True(file.Lines <= 400, $"{file.Path} has {file.Lines} lines; none may have more than 400."));
        Assert.True(lengths[(int)(0.9 * (lengths.Count - 1))].Lines < 250, "More than a tenth of the files have 250 lines or more.");
        Assert.True(lengths[lengths.Count / 2].Lines < 80, $"The median is {lengths[lengths.Count / 2].Lines} lines; it must be below 80.");
    }

    [Fact]
    public void Nothing_in_the_source_is_left_to_be_done()
    {
        foreach (string path in RepositoryFiles.Sources("src"))
        {
            var match = Unfinished().Match(RepositoryFiles.Read(path));
            Assert.False(match.Success, $"{path} says {match.Value}.");
        }
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|NotImplementedException)\b")]
    private static partial Regex Unfinished();
}
