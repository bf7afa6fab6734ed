using DistillSharp.Graph;
using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Format;
using DistillSharp.Runtime.Tests.Quantization;

namespace DistillSharp.Runtime.Tests.Written;

/// <summary>What holds for every file that is written: our checker finds nothing, ONNX Runtime loads it without a warning, and reading and writing it again gives the same bytes.</summary>
internal static class WrittenFile
{
    public static void IsSound(ModelGraph graph, string what = "")
    {
        byte[] bytes = OnnxFile.Serialize(graph);
        var problems = GraphChecker.CheckFile(bytes);
        Assert.True(problems.Count == 0, $"{what}: {string.Join("\n", problems)}");
        var warnings = SessionLog.Warnings(bytes);
        Assert.True(warnings.Count == 0, $"{what}: {string.Join("\n", warnings)}");
        Assert.True(bytes.AsSpan().SequenceEqual(OnnxFile.Serialize(OnnxFile.Load(bytes))), $"{what}: written again, the file is another.");
    }
}
