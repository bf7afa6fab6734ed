using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Architecture.Tests;

public partial class SolutionTests
{
    private static readonly IReadOnlyList<string> s_projects = [.. RepositoryFiles.All.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal))];

    [Fact]
    public void The_solution_lists_every_project_and_no_other() =>
        Assert.Equal(s_projects, XDocument.Parse(RepositoryFiles.Read("DistillSharp.slnx")).Descendants("Project").Select(node => node.Attribute("Path")!.Value).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_package_has_one_version_in_one_place_and_it_is_pinned()
    {
        var central = XDocument.Parse(RepositoryFiles.Read("Directory.Packages.props"));
        Assert.Equal("true", central.Descendants("ManagePackageVersionsCentrally").Single().Value);
        Assert.Equal("true", central.Descendants("CentralPackageTransitivePinningEnabled").Single().Value);
        var properties = central.Descendants("PropertyGroup").Elements().ToDictionary(node => node.Name.LocalName, node => node.Value);
        var versions = central.Descendants("PackageVersion").Select(node => (Name: node.Attribute("Include")!.Value, Version: node.Attribute("Version")!.Value)).ToList();
        Assert.Equal(versions.Count, versions.Select(pair => pair.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(versions, pair => Assert.Matches(@"^\d+\.\d+\.\d+(\.\d+)?$", Property().Replace(pair.Version, match => properties[match.Groups[1].Value])));
        foreach (string project in s_projects)
        {
            Assert.DoesNotMatch("PackageReference[^>]*Version", RepositoryFiles.Read(project));
        }
    }

    [Fact]
    public void Documents_name_packages_in_the_versions_of_the_build()
    {
        var central = XDocument.Parse(RepositoryFiles.Read("Directory.Packages.props"));
        var properties = central.Descendants("PropertyGroup").Elements().ToDictionary(node => node.Name.LocalName, node => node.Value);
        var versions = central.Descendants("PackageVersion").ToDictionary(node => node.Attribute("Include")!.Value, node => Property().Replace(node.Attribute("Version")!.Value, match => properties[match.Groups[1].Value]), StringComparer.Ordinal);
        var named = RepositoryFiles.All.Where(path => path.EndsWith(".md", StringComparison.Ordinal)).SelectMany(path => Command().Matches(RepositoryFiles.Read(path))).ToList();
        Assert.Contains(named, match => match.Groups[1].Value.StartsWith("libtorch", StringComparison.Ordinal));
        Assert.All(named, match => Assert.Equal(versions[match.Groups[1].Value], match.Groups[2].Value));
    }

    [Fact]
    public void Every_test_project_tests_a_project_there_is()
    {
        foreach (string project in s_projects.Where(path => path.EndsWith(".Tests.csproj", StringComparison.Ordinal) && path.Contains("/DistillSharp", StringComparison.Ordinal)))
        {
            string tested = Path.GetFileName(project)[..^".Tests.csproj".Length];
            Assert.Contains($"src/{tested}/{tested}.csproj", s_projects);
        }
    }

    [GeneratedRegex(@"dotnet add package (\S+) --version (\S+)")]
    private static partial Regex Command();

    [GeneratedRegex(@"\$\((\w+)\)")]
    private static partial Regex Property();
}
