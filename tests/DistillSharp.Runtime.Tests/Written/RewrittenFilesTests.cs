using DistillSharp.Graph;
using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Runtime.Tests.Passes;
using DistillSharp.Runtime.Tests.Quantization;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Golden;
using DistillSharp.TestKit.Wire;

namespace DistillSharp.Runtime.Tests.Written;

/// <summary>Files from elsewhere, read and written again: old ones, unknown operators, weights outside the file, what ONNX publishes.</summary>
public sealed class RewrittenFilesTests
{
    /// <summary>The numbers of the fields that are rewritten: a model's operator sets and their version, its format, its graph; the graph's inputs and weights.</summary>
    private const int Opsets = 8, Version = 2, Format = 1, Graph = 7, Inputs = 11;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_file_of_an_old_operator_set_is_sound_when_written_again(int opset)
    {
        // Operators that say the same in each of them; initialisers are listed as inputs, as the format of the time wants.
        var graph = new TestGraph(opset: 7).Input("x", 1, 3, 8, 8).Weight("w", 4, 3, 3, 3).Weight("b", 4)
            .Node("Conv", ["x", "w", "b"], ["c"], ("kernel_shape", new IntsValue([3, 3])), ("pads", new IntsValue([1, 1, 1, 1])), ("strides", new IntsValue([1, 1])), ("dilations", new IntsValue([1, 1])), ("group", new IntValue(1)))
            .Node("Relu", ["c"], ["r"], ("consumed_inputs", new IntsValue([0])))
            .Node("MaxPool", ["r"], ["m"], ("kernel_shape", new IntsValue([2, 2])), ("strides", new IntsValue([2, 2])))
            .Node("GlobalAveragePool", ["m"], ["g"]).Node("Softmax", ["g"], ["y"], ("axis", new IntValue(1))).Output("y", ElementType.Float32, 1, 4, 1, 1).Graph;
        var message = WireMessage.Read(OnnxFile.Serialize(graph))!;
        message.In(Opsets).All(Version).Single().Value = (ulong)opset;
        message.All(Format).Single().Value = 3;
        var main = message.In(Graph);
        foreach (var (name, shape) in new[] { ("w", new long[] { 4, 3, 3, 3 }), ("b", [4]) })
        {
            var declared = new ModelGraph();
            declared.Inputs.Add(new(name, ElementType.Float32, [.. shape.Select(Dimension.Of)]));
            main.Fields.Add(WireMessage.Read(OnnxFile.Serialize(declared))!.In(Graph).All(Inputs).Single());
        }

        var read = OnnxFile.Load(message.ToBytes());

        Assert.Equal((7, 1), (read.Opset, read.Inputs.Count));
        WrittenFile.IsSound(read);
        var feeds = PassAssert.Feeds(read, 1);
        PassAssert.Same(SessionRun.Run(Without(graph, "consumed_inputs"), feeds), SessionRun.Run(read, feeds), 1e-6);
    }

    [Fact]
    [Trait("Category", "Golden")]
    public void What_ONNX_publishes_is_sound_when_written_again()
    {
        string[] paths = [.. GoldenFiles.Of("onnx-models", "*.onnx"), .. GoldenFiles.Of("onnx-node", "model.onnx", SearchOption.AllDirectories)];
        var wrong = new List<string>();
        foreach (string path in paths)
        {
            byte[] bytes = OnnxFile.Serialize(OnnxFile.Load(path));
            wrong.AddRange(GraphChecker.CheckFile(bytes).Where(problem => problem.IsError).Select(problem => $"{path}: {problem}"));

            // What is warned of in the file as it was is not ours.
            try
            {
                var before = SessionLog.Warnings(File.ReadAllBytes(path));
                wrong.AddRange(SessionLog.Warnings(bytes).Skip(before.Count).Select(warning => $"{path}: {warning}"));
            }
            catch (Microsoft.ML.OnnxRuntime.OnnxRuntimeException error)
            {
                // Some operators of the newest sets have no kernel; the file as it was is refused too.
                Assert.ThrowsAny<Microsoft.ML.OnnxRuntime.OnnxRuntimeException>(() => SessionLog.Warnings(File.ReadAllBytes(path)));
                _ = error;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{paths.Length} files written again");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public void A_file_with_an_operator_of_another_domain_loads_runs_and_is_written_again_as_it_was()
    {
        // ONNX Runtime's own domain: we know nothing of its operators.
        var graph = new TestGraph().Input("x", 2, 3).Weight("w", 3).Node("Add", ["x", "w"], ["a"]).Node("QuickGelu", ["a"], ["y"], ("alpha", new FloatValue(1.702f))).Output("y").Graph;
        graph.Nodes[1].Domain = "com.microsoft";
        graph.OtherOpsets["com.microsoft"] = 1;
        byte[] bytes = OnnxFile.Serialize(graph);

        var read = OnnxFile.Load(bytes);

        WrittenFile.IsSound(read);
        Assert.Equal(bytes, OnnxFile.Serialize(read));
        using var session = ModelSession.Open(OnnxFile.Serialize(read), new() { Threads = 1 });
        float[] w = read.FindInitializer("w")!.Data.AsSpan<float>().ToArray(), expected = [.. Enumerable.Range(0, 6).Select(i => (i * 0.5f) + w[i % 3]).Select(a => a / (1 + MathF.Exp(-1.702f * a)))];
        float[] values = session.Run(new float[] { 0, 0.5f, 1, 1.5f, 2, 2.5f }, [2, 3]).Values;
        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Weights_outside_the_file_are_in_it_when_it_is_written_again()
    {
        using var folder = new TemporaryFolder();
        var graph = new TestGraph().Input("x", 1, 64).Weight("w", 64, 8).Node("MatMul", ["x", "w"], ["y"]).Output("y", ElementType.Float32, 1, 8).Graph;
        var message = WireMessage.Read(OnnxFile.Serialize(graph))!;
        var tensor = message.In(Graph).In(5);
        tensor.Fields.RemoveAll(field => field.Number == 9);
        tensor.Fields.Add(new() { Number = 13, Kind = 2, Bytes = [0x0A, 8, .. "location"u8, 0x12, 5, .. "w.bin"u8] });
        tensor.Fields.Add(new() { Number = 14, Value = 1 });
        folder.Write("w.bin", graph.FindInitializer("w")!.Data.Bytes.ToArray());
        string path = folder.Write("model.onnx", message.ToBytes());

        Assert.Empty(GraphChecker.CheckFile(path));
        var read = OnnxFile.Load(path);

        WrittenFile.IsSound(read);
        Assert.Equal(OnnxFile.Serialize(graph).Length, OnnxFile.Serialize(read).Length);
    }

    private static ModelGraph Without(ModelGraph graph, string attribute)
    {
        var copy = graph.Clone();
        foreach (var node in copy.Nodes)
        {
            node.Attributes.Remove(attribute);
        }

        return copy;
    }
}
