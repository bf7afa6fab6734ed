using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Reports;
using DistillSharp.Runs;
using DistillSharp.Tests.Runs;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Reports;

public sealed class VariantProfilerTests
{
    [Fact]
    public void What_cannot_be_measured_is_told_and_costs_the_others_nothing()
    {
        using var folder = new TemporaryFolder();
        var log = new Log();
        var free = Mlp(8);
        free.Inputs[0] = free.Inputs[0] with { Shape = [Dimension.Named("batch"), 1, Dimension.Named("rows"), 2] };
        free.KnownValues.Clear();

        var profiles = new VariantProfiler(null, 1, log).Measure([Stage(folder, "teacher", free), Stage(folder, "control", Mlp(4)), Stage(folder, "distilled", Mlp(4))], null, TestContext.Current.CancellationToken);

        Assert.Equal(["control", "distilled"], profiles.Keys);
        Assert.Same(profiles["control"], profiles["distilled"]);
        string line = Assert.Single(log.Lines);
        Assert.StartsWith("the teacher was not profiled: The size of axis 2", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_that_fails_costs_the_report_its_figures_only()
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "The child process of this test is a shell script.");
        using var folder = new TemporaryFolder();
        var log = new Log();

        Assert.Empty(new VariantProfiler(["/bin/sh", "-c", "echo no memory >&2; exit 9"], 1, log).Measure([Stage(folder, "student", Mlp(4))], null, TestContext.Current.CancellationToken));
        Assert.Contains("the student was not profiled: ", Assert.Single(log.Lines), StringComparison.Ordinal);
        Assert.EndsWith("ended with 9: no memory", log.Lines[0], StringComparison.Ordinal);
    }

    private static ModelGraph Mlp(int width)
    {
        var graph = DistillSharp.Graph.Zoo.Mlp.Create(new() { Widths = [width], Classes = 2, Channels = 1, Height = 2, Width = 2 });
        WeightInitializer.Draw(graph, seed: 1);
        return graph;
    }

    private static StageResult Stage(TemporaryFolder folder, string name, ModelGraph graph) => new(name, "mlp", folder.Write($"{name}.onnx", OnnxFile.Serialize(graph)), null);
}
