using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Zoo;
using DistillSharp.Runtime;
using DistillSharp.TestKit.Golden;
using DistillSharp.TestKit.Numerics;
using DistillSharp.Weights;

namespace DistillSharp.Tests.Weights;

[Trait("Category", "Golden")]
public sealed class Yolo11CheckpointTests
{
    [Fact]
    public void Every_checkpoint_tells_its_size_by_description_and_by_shapes_alike()
    {
        var files = GoldenCheckpoint.All;
        foreach (string path in files)
        {
            var checkpoint = Checkpoint.Load(path);
            var told = Yolo11Checkpoint.OptionsOf(checkpoint);
            var measured = Yolo11Checkpoint.OptionsOf(checkpoint with { Metadata = new() });

            Assert.Equal(Yolo11.Create(told).Initializers.Select(weight => weight.ToString()), Yolo11.Create(measured).Initializers.Select(weight => weight.ToString()));
            Assert.Equal(Yolo11Checkpoint.KeyOf(told), Yolo11Checkpoint.KeyOf(measured));
            Assert.True(checkpoint.Metadata.Classes is null || checkpoint.Metadata.Classes == told.Classes, path);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{files.Count} checkpoints told");
    }

    /// <summary>Depth, width and most channels of the published sizes.</summary>
    private static readonly Dictionary<(double, double, long), string> s_sizes = new() { [(0.5, 0.25, 1024)] = "n", [(0.5, 0.5, 1024)] = "s", [(0.5, 1, 512)] = "m", [(1, 1, 512)] = "l", [(1, 1.5, 512)] = "x" };

    [Fact]
    public void The_sizes_are_those_of_the_checkpoints_description()
    {
        foreach (string path in GoldenCheckpoint.Models)
        {
            var checkpoint = Checkpoint.Load(path);
            var yaml = checkpoint.Metadata.Yaml!;
            var scale = (IReadOnlyList<object?>)((IReadOnlyDictionary<string, object?>)yaml["scales"]!)[(string)yaml["scale"]!]!;
            var size = (Convert.ToDouble(scale[0], CultureInfo.InvariantCulture), Convert.ToDouble(scale[1], CultureInfo.InvariantCulture), Convert.ToInt64(scale[2], CultureInfo.InvariantCulture));

            var options = Yolo11Checkpoint.OptionsOf(checkpoint);

            Assert.Equal(size, (options.DepthMultiple, options.WidthMultiple, options.MaxChannels));
            Assert.Equal(checkpoint.Metadata.Classes, options.Classes);
            Assert.Equal(s_sizes.TryGetValue(size, out string? letter) ? $"yolo11{letter}" : null, Yolo11Checkpoint.KeyOf(options));
        }
    }

    /// <summary>The whole way: file, graph, weights, ONNX Runtime, against PyTorch's outputs for the same input.</summary>
    [Fact]
    public void What_is_loaded_computes_what_PyTorch_computed()
    {
        int cases = 0;
        foreach (string path in GoldenCheckpoint.Forwards)
        {
            var arrays = NpzFile.Read(path);
            var (graph, _) = Yolo11Checkpoint.Build(Checkpoint.Load(GoldenCheckpoint.Of(path)));
            using var session = ModelSession.Open(OnnxFile.Serialize(graph), new() { Threads = 1 });
            float[] input = [.. arrays["x"].Values.Select(value => (float)value)];

            foreach (var (output, name) in new[] { ("output0", "pred"), ("feat0", "feat0"), ("feat1", "feat1"), ("feat2", "feat2") })
            {
                var expected = arrays[name];
                var (found, shape) = session.Run(input, [.. arrays["x"].Shape], output);
                Assert.Equal(expected.Shape, shape);
                double error = CentralDifferences.RelativeError([.. found.Select(value => (double)value)], expected.Values);
                TestContext.Current.TestOutputHelper?.WriteLine($"{Path.GetFileName(path)} {name}: {error:0.0e+0}");
                Assert.True(error <= 1e-4, $"{path} {name}: {error}");
            }

            cases++;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{cases} cases");
        Assert.True(cases > 0, "There is no case of a forward pass.");
    }

    [Fact]
    public void Another_number_of_classes_keeps_the_trunk_and_names_what_is_drawn()
    {
        var checkpoint = Checkpoint.Load(GoldenCheckpoint.Smallest);
        int classes = checkpoint.Metadata.Classes!.Value + 2;
        var (graph, report) = Yolo11Checkpoint.Build(checkpoint, classes, seed: 1);
        var (same, _) = Yolo11Checkpoint.Build(checkpoint, classes, seed: 1);
        var (other, _) = Yolo11Checkpoint.Build(checkpoint, classes, seed: 2);

        Assert.All(report.Redrawn, name => Assert.StartsWith("model.23.cv3.", name, StringComparison.Ordinal));
        Assert.Contains("model.23.cv3.0.2.weight", report.Redrawn);
        Assert.Contains("model.23.cv3.0.0.0.conv.weight", report.Loaded);
        Assert.Equal(graph.Initializers.Count(weight => checkpoint.StateDict.ContainsKey(weight.Name) && !weight.Name.Contains(".dfl.", StringComparison.Ordinal)), report.Loaded.Count + report.Redrawn.Count);
        Assert.All(report.Loaded, name => Assert.True(graph.FindInitializer(name)!.Data.Bytes.SequenceEqual(checkpoint.StateDict[name].Bytes), name));

        // The class branch is as wide as the finest map, or as the classes up to 100 where these are more.
        long finest = checkpoint.StateDict["model.23.cv3.0.0.0.conv.weight"].Shape[0];
        Assert.Equal([classes, Math.Max(finest, Math.Min(classes, 100)), 1, 1], graph.FindInitializer("model.23.cv3.0.2.weight")!.Data.Shape);

        float[] drawn = graph.FindInitializer("model.23.cv3.0.2.weight")!.Data.AsSpan<float>().ToArray();
        Assert.True(drawn.Distinct().Count() > drawn.Length / 2);
        Assert.Equal(drawn, same.FindInitializer("model.23.cv3.0.2.weight")!.Data.AsSpan<float>().ToArray());
        Assert.NotEqual(drawn, other.FindInitializer("model.23.cv3.0.2.weight")!.Data.AsSpan<float>().ToArray());
    }

    /// <summary>Widths whose channels are rounded up, and other depths: from the shapes alone comes a model that the weights fit.</summary>
    [Theory]
    [InlineData(0.5, 0.1, 1024, false)]
    [InlineData(0.33, 0.3, 1024, false)]
    [InlineData(1, 0.375, 512, true)]
    [InlineData(1.5, 0.2, 512, false)]
    [InlineData(0.5, 0.25, 768, false)]
    public void Other_sizes_are_told_by_shapes(double depth, double width, int most, bool nested)
    {
        var graph = Yolo11.Create(new() { DepthMultiple = depth, WidthMultiple = width, MaxChannels = most, NestedEverywhere = nested, Classes = 2 });
        var checkpoint = new Checkpoint("x.pt", GraphWeights.Of(graph), CheckpointSource.Whole, new());

        var (built, _) = Yolo11Checkpoint.Build(checkpoint);

        Assert.Equal(graph.Initializers.Select(weight => weight.ToString()), built.Initializers.Select(weight => weight.ToString()));
    }

    [Fact]
    public void A_wrong_description_gives_way_to_the_tensors()
    {
        var checkpoint = Checkpoint.Load(GoldenCheckpoint.Smallest);
        double width = Yolo11Checkpoint.OptionsOf(checkpoint with { Metadata = new() }).WidthMultiple;
        var yaml = new Dictionary<string, object?> { ["scale"] = "s", ["scales"] = new Dictionary<string, object?> { ["s"] = new object?[] { 0.5, 2 * width, 1024L } } };

        Assert.Equal(width, Yolo11Checkpoint.OptionsOf(checkpoint with { Metadata = new() { Yaml = yaml } }).WidthMultiple);
    }

    [Fact]
    public void Another_task_is_refused_by_its_name()
    {
        var checkpoint = Checkpoint.Load(GoldenCheckpoint.Smallest);

        Assert.Contains("made for 'segment'", Assert.Throws<GraphException>(() => Yolo11Checkpoint.OptionsOf(checkpoint with { Metadata = new() { Task = "segment" } })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_detector_is_refused()
    {
        var state = new Dictionary<string, TensorData> { ["fc.weight"] = TensorData.Create<float>([1f], 1, 1) };

        string message = Assert.Throws<GraphException>(() => Yolo11Checkpoint.OptionsOf(new("x.pt", state, CheckpointSource.Whole, new()))).Message;

        Assert.Contains("'x.pt' holds no YOLO11 detector", message, StringComparison.Ordinal);
        Assert.Contains("fc.weight", message, StringComparison.Ordinal);
    }
}
