using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Runtime.Profiling;
using DistillSharp.TestKit;

namespace DistillSharp.Runtime.Tests.Profiling;

public sealed class ModelBenchmarkTests
{
    private static readonly BenchmarkOptions s_quick = new() { Threads = 1, WarmUps = 1, Runs = 3, Rounds = 5 };

    [Fact]
    public void Every_model_is_timed_in_every_round_and_compared_with_the_first()
    {
        using var folder = new TemporaryFolder();
        string one = Save(folder, "one.onnx"), two = Save(folder, "two.onnx");

        var report = ModelBenchmark.Run([one, two, one], s_quick, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal([one, two, one], report.Results.Select(result => result.Path));
        Assert.Equal((5, 3, 1, 0), (report.Rounds, report.Runs, report.WarmUps, report.Starts));
        Assert.All(report.Results, result =>
        {
            Assert.Equal((1, 1, 15), (result.Batch, result.Threads, result.Count));
            Assert.Equal("input [1, 1, 2, 2]", result.Inputs);
            Assert.Equal(new FileInfo(result.Path).Length, result.FileLength);
            Assert.True(result.LatencyP50 > 0 && result.LatencyP50 <= result.LatencyP95 && result.LatencyP95 <= result.LatencyP99 && result.Throughput > 0);
            Assert.Null(result.ColdStart);
            Assert.Null(result.PeakMemory);
        });
        Assert.Null(report.Results[0].Ratio);
        Assert.All(report.Results.Skip(1), result =>
        {
            Assert.Equal(5, result.Ratio!.Pairs);
            Assert.InRange(result.Ratio.Median, result.Ratio.Low, result.Ratio.High);
        });
    }

    [Fact]
    public void A_free_batch_and_a_free_side_are_those_asked_for_and_what_the_card_says_otherwise()
    {
        using var folder = new TemporaryFolder();
        string path = Save(folder, "free.onnx", FreeSides(SmallModel.Card));

        Assert.Equal("input [1, 1, 2, 2]", Assert.Single(ModelBenchmark.Run([path], s_quick).Results).Inputs);
        var asked = Assert.Single(ModelBenchmark.Run([path], s_quick with { Batch = 4, ImageSize = 6 }).Results);
        Assert.Equal(("input [4, 1, 6, 6]", 4), (asked.Inputs, asked.Batch));
    }

    [Fact]
    public void A_free_side_that_nothing_says_is_refused_with_the_file_and_the_option()
    {
        using var folder = new TemporaryFolder();
        string path = Save(folder, "free.onnx", FreeSides(null));

        Refused([path], s_quick, $"'{path}' cannot be timed", "axis 2 of the input 'input' is free", "--imgsz");
        Assert.Equal("input [1, 1, 3, 3]", Assert.Single(ModelBenchmark.Run([path], s_quick with { ImageSize = 3 }).Results).Inputs);
    }

    [Fact]
    public void A_fixed_size_cannot_be_changed()
    {
        using var folder = new TemporaryFolder();
        string path = Save(folder, "fixed.onnx");

        Refused([path], s_quick with { ImageSize = 5 }, $"'{path}' cannot be timed", "fixed size 2 at axis 2", "Leave --imgsz out");
    }

    [Fact]
    public void A_size_beyond_all_memory_is_refused_before_it_is_taken()
    {
        using var folder = new TemporaryFolder();
        string path = Save(folder, "free.onnx", FreeSides(SmallModel.Card));

        Refused([path], s_quick with { Batch = int.MaxValue, ImageSize = 65_536 }, "more than", "smaller --batch");
    }

    [Fact]
    public void Inputs_of_whole_numbers_and_several_inputs_are_made_too()
    {
        using var folder = new TemporaryFolder();
        var graph = SmallModel.Graph(null);
        graph.Inputs.Clear();
        graph.Inputs.Add(new("tokens", ElementType.Int64, [Dimension.Named("batch"), 3]));
        graph.Inputs.Add(new("mask", ElementType.Bool, [Dimension.Named("batch"), 3]));
        graph.Nodes.Clear();
        graph.Nodes.Add(new GraphNode("Where", ["mask", "tokens", "tokens"], ["logits"]));
        graph.Outputs[0] = new("logits", ElementType.Int64, null);
        graph.KnownValues.Clear();

        Assert.Equal("tokens [2, 3]; mask [2, 3]", Assert.Single(ModelBenchmark.Run([Save(folder, "text.onnx", graph)], s_quick with { Batch = 2 }).Results).Inputs);
    }

    [Fact]
    public void Every_model_that_cannot_be_opened_is_named_and_nothing_is_measured()
    {
        using var folder = new TemporaryFolder();
        string sound = Save(folder, "sound.onnx"), text = folder.Write("text.onnx", "no model");

        Refused([sound, folder["absent.onnx"], text], s_quick, $"The model '{folder["absent.onnx"]}' does not exist", $"'{text}' cannot be run by ONNX Runtime", "Nothing was measured", "leave it out");
    }

    [Fact]
    public void Processes_are_started_in_turn_and_the_median_is_told()
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "The child processes of this test are shell scripts.");
        using var folder = new TemporaryFolder();
        string one = Save(folder, "one.onnx"), two = Save(folder, "two.onnx"), log = folder["log"];
        const string script = "basename \"$0\" >> \"$1\"; echo first; echo peak $(wc -l < \"$1\")";

        var report = ModelBenchmark.Run([one, two], s_quick with { Starts = 3 }, path => ["/bin/sh", "-c", script, path, log], cancellation: TestContext.Current.CancellationToken);

        // Each start of a process adds a line and tells the number of lines: 1, 4, 5 and 2, 3, 6.
        Assert.Equal(["one.onnx", "two.onnx", "two.onnx", "one.onnx", "one.onnx", "two.onnx"], File.ReadAllLines(log));
        Assert.Equal([4L, 3L], report.Results.Select(result => result.PeakMemory!.Value));
        Assert.All(report.Results, result => Assert.True(result.ColdStart > 0));
        Assert.Equal(3, report.Starts);
    }

    [Fact]
    public void It_can_be_stopped()
    {
        using var folder = new TemporaryFolder();
        Assert.ThrowsAny<OperationCanceledException>(() => ModelBenchmark.Run([Save(folder, "one.onnx")], s_quick, cancellation: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Bad_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BenchmarkOptions { Batch = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BenchmarkOptions { ImageSize = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BenchmarkOptions { ImageSize = 65_537 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BenchmarkOptions { Threads = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BenchmarkOptions { WarmUps = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BenchmarkOptions { Runs = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BenchmarkOptions { Rounds = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BenchmarkOptions { Starts = -1 });
    }

    private static void Refused(string[] paths, BenchmarkOptions options, params string[] parts)
    {
        string message = Assert.Throws<GraphException>(() => ModelBenchmark.Run(paths, options)).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    private static string Save(TemporaryFolder folder, string name, ModelGraph? graph = null) => folder.Write(name, OnnxFile.Serialize(graph ?? SmallModel.Graph(null)));

    /// <summary>A model that takes pictures of any size.</summary>
    private static ModelGraph FreeSides(DistillSharp.Tasks.ModelCard? card)
    {
        var graph = SmallModel.Graph(card);
        graph.Inputs[0] = graph.Inputs[0] with { Shape = [Dimension.Named("batch"), 1, Dimension.Named("rows"), Dimension.Named("columns")] };
        graph.Nodes.Clear();
        graph.Nodes.Add(new GraphNode("Identity", ["input"], ["logits"]));
        graph.Outputs[0] = new("logits", ElementType.Float32, null);
        graph.KnownValues.Clear();
        return graph;
    }
}
