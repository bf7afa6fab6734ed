using DistillSharp.TestKit;

namespace Conformance.Tests.Docs;

/// <summary>The pages that follow from the code say what the code says. eng/docs.sh writes them again.</summary>
public sealed class GeneratedDocsTests
{
    public static TheoryData<string> Pages => ["models.md", "losses.md", "plug-ins.md", "operators.md"];

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_is_what_the_code_says(string page)
    {
        string path = Path.Combine(SharedFolder.RepositoryRoot, "docs", page);
        string wanted = page switch
        {
            "models.md" => GeneratedDocs.Models(),
            "losses.md" => GeneratedDocs.Losses(),
            "plug-ins.md" => GeneratedDocs.Plugins(),
            _ => GeneratedDocs.Operators(),
        };
        if (Environment.GetEnvironmentVariable("DISTILLSHARP_WRITE_DOCS") == "1")
        {
            File.WriteAllText(path, wanted);
        }

        Assert.True(File.Exists(path) && File.ReadAllText(path) == wanted, $"docs/{page} is stale. Write it again: bash eng/docs.sh");
    }

    [Fact]
    public void The_readme_holds_the_quick_start_that_is_compiled()
    {
        string code = File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot, "samples", "QuickStart", "Program.cs")).Trim();

        Assert.Contains($"```csharp\n{code}\n```", File.ReadAllText(Path.Combine(SharedFolder.RepositoryRoot, "README.md")), StringComparison.Ordinal);
    }
}
