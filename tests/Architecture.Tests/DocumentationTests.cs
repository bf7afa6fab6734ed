using System.Reflection;
using System.Xml.Linq;
using DistillSharp.TestKit;

namespace Architecture.Tests;

public class DocumentationTests
{
    [Fact]
    public void Every_library_is_documented_or_does_not_build()
    {
        foreach (string project in Libraries.All.Select(library => library.GetName().Name!))
        {
            // Written by the compiler, which counts a public member without a comment as an error.
            Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, project + ".xml")) || Documented(project) is not null, $"{project} has no documentation file.");
            Assert.DoesNotContain("CS1591", RepositoryFiles.Read($"src/{project}/{project}.csproj"), StringComparison.Ordinal);
        }

        var properties = XDocument.Parse(RepositoryFiles.Read("Directory.Build.props")).Root!.Elements("PropertyGroup").ToList();
        Assert.Contains(properties, group => IsFor(group, "== 'true'") && group.Element("GenerateDocumentationFile")?.Value == "true");
        Assert.All(properties.Where(group => group.ToString().Contains("CS1591", StringComparison.Ordinal)), group => Assert.True(IsFor(group, "!= 'true'")));
        Assert.Contains(properties, group => group.Attribute("Condition") is null && group.Element("TreatWarningsAsErrors")?.Value == "true");
        Assert.All(RepositoryFiles.Sources("src"), path => Assert.DoesNotContain("CS1591", RepositoryFiles.Read(path), StringComparison.Ordinal));
    }

    [Fact]
    public void Every_option_says_what_it_means()
    {
        int counted = 0;
        foreach (Assembly library in Libraries.All)
        {
            var summaries = Documented(library.GetName().Name!)!;
            foreach (var type in Libraries.Written(library).Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) || type.Name.EndsWith("Settings", StringComparison.Ordinal) || type.Name == "Recipe"))
            {
                foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(property => property.SetMethod is { IsPublic: true }))
                {
                    string key = $"P:{type.FullName}.{property.Name}";
                    Assert.True(summaries.TryGetValue(key, out string? summary) && summary.Trim().Length > 10, $"{key} has no documentation.");
                    counted++;
                }
            }
        }

        Assert.True(counted > 50, $"Only {counted} options were found.");
    }

    /// <summary>The summaries of a library, by the compiler's name of the member.</summary>
    private static Dictionary<string, string>? Documented(string project)
    {
        string beside = Path.Combine(AppContext.BaseDirectory, project + ".xml");
        string? path = File.Exists(beside) ? beside
            : Directory.GetFiles(Path.Combine(SharedFolder.RepositoryRoot, "src", project), project + ".xml", SearchOption.AllDirectories).OrderByDescending(File.GetLastWriteTimeUtc).FirstOrDefault();
        return path is null ? null : XDocument.Load(path).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary")?.Value ?? "");
    }

    private static bool IsFor(XElement group, string comparison) => group.Attribute("Condition")?.Value == $"'$(IsLibrary)' {comparison}";
}
