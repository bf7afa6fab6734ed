using System.Xml.Linq;
using DistillSharp.Runtime.Native;
using DistillSharp.Tasks.Native;
using DistillSharp.TestKit;

namespace DistillSharp.Runtime.Tests.Native;

public class NativeOnnxRuntimeTests
{
    private static readonly string s_version = XDocument.Load(Path.Combine(SharedFolder.RepositoryRoot, "Directory.Packages.props")).Descendants("OnnxRuntimeVersion").Single().Value;

    [Fact]
    public void The_library_that_the_tests_bring_is_the_one_that_is_built_against()
    {
        Assert.Equal(s_version, NativeOnnxRuntime.Version);
        Assert.Equal(new NativePackage("Microsoft.ML.OnnxRuntime", s_version), NativeOnnxRuntime.Backend.Package);
        Assert.Null(NativeOnnxRuntime.Backend.Probe());
    }
}
