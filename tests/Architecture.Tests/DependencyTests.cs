using System.Reflection;
using System.Xml.Linq;
using DistillSharp;
using DistillSharp.Graph;
using DistillSharp.Runtime;
using DistillSharp.Tasks;

namespace Architecture.Tests;

public class DependencyTests
{
    public static TheoryData<string, string[]> Allowed => new()
    {
        { "DistillSharp.Graph", ["Google.Protobuf", "Grpc.Tools"] },
        { "DistillSharp.Tasks", ["SkiaSharp"] },
        { "DistillSharp.Runtime", ["DistillSharp.Graph", "DistillSharp.Tasks", "Microsoft.ML.OnnxRuntime.Managed"] },
        { "DistillSharp", ["DistillSharp.Graph", "DistillSharp.Tasks", "DistillSharp.Runtime", "TorchSharp", "YamlDotNet"] },
        { "DistillSharp.Cli", ["DistillSharp", "System.CommandLine", "Spectre.Console"] },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void A_project_references_what_it_exists_for_and_nothing_else(string project, string[] allowed)
    {
        var file = XDocument.Parse(RepositoryFiles.Read($"src/{project}/{project}.csproj"));
        string[] found =
        [
            .. file.Descendants("PackageReference").Select(node => node.Attribute("Include")!.Value),
            .. file.Descendants("ProjectReference").Select(node => Path.GetFileNameWithoutExtension(node.Attribute("Include")!.Value.Replace('\\', '/'))),
        ];
        Assert.Equal(allowed.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_project_of_the_source_is_in_that_list() =>
        Assert.Equal(
            Allowed.Select(row => row.Data.Item1).Order(StringComparer.Ordinal),
            RepositoryFiles.All.Where(path => path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".csproj", StringComparison.Ordinal)).Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(typeof(ModelGraph), "SkiaSharp", "Microsoft.ML.OnnxRuntime", "TorchSharp", "DistillSharp")]
    [InlineData(typeof(ModelCard), "Google.Protobuf", "Microsoft.ML.OnnxRuntime", "TorchSharp", "DistillSharp")]
    [InlineData(typeof(ModelSession), "TorchSharp", "YamlDotNet", "DistillSharp")]
    [InlineData(typeof(Distiller), "System.CommandLine", "Spectre.Console", "System.Console")]
    public void An_assembly_does_not_reach_what_it_must_keep_out(Type member, params string[] banned) =>
        Assert.Empty(member.Assembly.GetReferencedAssemblies().Select(name => name.Name!).Intersect(banned));

    [Fact]
    public void Libraries_bring_no_native_packages()
    {
        string[] native = ["libtorch", "NativeAssets", "Microsoft.ML.OnnxRuntime\"", "OnnxRuntime.Gpu", "Natives.props", "TorchSharp-"];
        foreach (string path in RepositoryFiles.All.Where(path => path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".csproj", StringComparison.Ordinal) && !path.Contains("Cli", StringComparison.Ordinal)))
        {
            Assert.All(native, word => Assert.DoesNotContain(word, RepositoryFiles.Read(path), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Libraries_do_not_print()
    {
        foreach (Assembly library in Libraries.All)
        {
            Assert.DoesNotContain(library.GetReferencedAssemblies(), name => name.Name == "System.Console");
        }
    }
}
