using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Tasks.Data;
using DistillSharp.TestKit;

namespace DistillSharp.Runtime.Tests;

public sealed class ModelSessionTests
{
    [Fact]
    public void It_computes_what_the_graph_says()
    {
        using var session = SmallModel.Session();

        var (values, shape) = session.Run(new float[] { 1, 2, 3, 4, 0, 0, 0, -1 }, [2, 1, 2, 2]);

        Assert.Equal([-10f, 10f, 1f, -1f], values);
        Assert.Equal([2L, 2L], shape);
    }

    [Fact]
    public void It_knows_its_input_outputs_classes_and_card()
    {
        using var plain = SmallModel.Session();
        using var carded = SmallModel.Session(SmallModel.Card);

        Assert.Equal("input", plain.InputName);
        Assert.Equal(["logits"], plain.OutputNames);
        Assert.Equal([null, 1, 2, 2], plain.InputShape);
        Assert.Equal((2, 1), (plain.ClassCount, plain.Threads));
        Assert.Null(plain.Card);
        Assert.Equal(["dark", "bright"], carded.Card!.ClassNames);
        Assert.Equal(OnnxFile.Serialize(SmallModel.Graph(SmallModel.Card)).Length, carded.FileLength);
    }

    [Fact]
    public void A_file_and_its_bytes_are_one_model()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("model.onnx", OnnxFile.Serialize(SmallModel.Graph(SmallModel.Card)));
        using var file = ModelSession.Open(path, new() { Threads = 1 });
        using var bytes = SmallModel.Session(SmallModel.Card);

        Assert.Equal(bytes.Run(new float[] { 1, 2, 3, 4 }, [1, 1, 2, 2]).Values, file.Run(new float[] { 1, 2, 3, 4 }, [1, 1, 2, 2]).Values);
        Assert.Equal(new FileInfo(path).Length, file.FileLength);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<FileNotFoundException>(() => ModelSession.Open("/nowhere/model.onnx"));
        Assert.Contains("'/nowhere/model.onnx' does not exist", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(60)]
    public void A_truncated_file_is_refused_by_name(int length)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("model.onnx", OnnxFile.Serialize(SmallModel.Graph(null))[..length]);

        var error = Assert.Throws<GraphException>(() => ModelSession.Open(path));
        Assert.Contains($"'{path}' cannot be run by ONNX Runtime", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_refused_by_name_and_bytes_as_the_model()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("model.onnx", "this is no model");

        Assert.Contains($"'{path}'", Assert.Throws<GraphException>(() => ModelSession.Open(path)).Message, StringComparison.Ordinal);
        Assert.Contains("The model cannot be run", Assert.Throws<GraphException>(() => ModelSession.Open([1, 2, 3])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operator_that_nobody_knows_is_named()
    {
        var graph = SmallModel.Graph(null);
        graph.Nodes[0].Operation = "Flatulate";

        var error = Assert.Throws<GraphException>(() => ModelSession.Open(OnnxFile.Serialize(graph)));
        Assert.Contains("Flatulate", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new long[] { 1, 1, 2, 3 })]
    [InlineData(new long[] { 1, 2, 2, 2 })]
    [InlineData(new long[] { 1, 4 })]
    public void An_input_of_another_shape_is_refused_with_both(long[] shape)
    {
        using var session = SmallModel.Session();
        float[] values = new float[shape.Aggregate((product, size) => product * size)];

        var error = Assert.Throws<GraphException>(() => session.Run(values, shape));
        Assert.Contains($"The model's input 'input' is [?, 1, 2, 2] and was given [{string.Join(", ", shape)}]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_numbers_than_the_shape_says_are_refused_with_both()
    {
        using var session = SmallModel.Session();

        var error = Assert.Throws<GraphException>(() => session.Run(new float[3], [1, 1, 2, 2]));
        Assert.Contains("is [?, 1, 2, 2] and was given [1, 1, 2, 2]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_card_is_refused()
    {
        var graph = SmallModel.Graph(SmallModel.Card);
        graph.Metadata["distillsharp.names"] = "[";

        var error = Assert.Throws<DataException>(() => ModelSession.Open(OnnxFile.Serialize(graph)));
        Assert.Contains("card is damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_inputs_is_refused()
    {
        var graph = new ModelGraph { Name = "constant" };
        graph.Add(new("w", TensorData.Create<float>([1], 1), trainable: false));
        graph.Nodes.Add(new("Identity", ["w"], ["y"]));
        graph.Outputs.Add(new("y", ElementType.Float32, [1]));

        Assert.Equal("The model takes no input, so it has nothing to look at.", Assert.Throws<GraphException>(() => ModelSession.Open(OnnxFile.Serialize(graph))).Message);
    }

    [Fact]
    public void An_output_that_holds_no_floats_is_refused_by_its_type()
    {
        var graph = new ModelGraph { Name = "places" };
        graph.Inputs.Add(new("x", ElementType.Float32, [1, 3]));
        graph.Nodes.Add(new("ArgMax", ["x"], ["y"]));
        graph.Nodes[0].Attributes["axis"] = new IntValue(1);
        graph.Outputs.Add(new("y", ElementType.Int64, [1, 1]));
        using var session = ModelSession.Open(OnnxFile.Serialize(graph));

        Assert.Equal("The model's output 'y' is a tensor of Int64; float32 is wanted.", Assert.Throws<GraphException>(() => session.Run(new float[3], [1, 3])).Message);
        Assert.Equal("The model's output 'y' is a tensor of Int64; float32 is wanted.", Assert.Throws<GraphException>(() => session.Run(new float[3], [1, 3], ["y"], (_, _, _) => { })).Message);
    }

    [Fact]
    public void A_message_of_the_runtime_is_one_line()
    {
        using var folder = new TemporaryFolder();
        var graph = SmallModel.Graph(null);
        graph.Nodes[0].Operation = "Flatulate";
        string path = folder.Write("model.onnx", OnnxFile.Serialize(graph));

        Assert.DoesNotContain('\n', Assert.Throws<GraphException>(() => ModelSession.Open(path)).Message);
    }

    [Fact]
    public void Several_threads_may_call_at_once()
    {
        using var session = SmallModel.Session();
        float[] sums = new float[64];
        Parallel.For(0, sums.Length, i => sums[i] = session.Run(new float[] { i, 0, 0, 0 }, [1, 1, 2, 2]).Values[1]);

        Assert.Equal(Enumerable.Range(0, 64).Select(i => (float)i), sums);
    }

    [Fact]
    public void Threads_below_zero_are_refused_and_zero_is_one_a_core()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelSessionOptions { Threads = -1 });
        Assert.Equal(Environment.ProcessorCount, new ModelSessionOptions().EffectiveThreads);
        Assert.Equal(3, new ModelSessionOptions { Threads = 3 }.EffectiveThreads);
    }
}
