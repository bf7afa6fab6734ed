using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Quantization;
using DistillSharp.Plugins;
using DistillSharp.Runtime.Comparison;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Golden;
using DistillSharp.TestKit.Handwritten;
using DistillSharp.Trainability;

namespace DistillSharp.Tests.Trainability;

public sealed class TrainabilityProofTests
{
    [Theory]
    [InlineData("resnet8")]
    [InlineData("shufflenet-v2")]
    [InlineData("mlp")]
    public void Every_weight_of_a_model_of_the_zoo_is_proved(string key)
    {
        var graph = Zoo(key);

        var proof = TrainabilityProof.Of(graph);

        Assert.Equal(TrainabilityVerdict.Proved, proof.Verdict);
        Assert.Equal(graph.Initializers.Where(initializer => initializer.Trainable).Select(initializer => initializer.Name), proof.Weights.Select(weight => weight.Name));
        Assert.All(proof.Weights, weight => Assert.Equal(GradientState.Present, weight.State));
        Assert.Equal([2L, 10L], proof.OutputShapes["logits"]);
    }

    [Fact]
    public void Neither_weights_nor_statistics_are_changed()
    {
        var graph = Zoo("resnet8");
        byte[] before = OnnxFile.Serialize(graph);

        TrainabilityProof.Of(graph);

        Assert.Equal(before, OnnxFile.Serialize(graph));
    }

    [Fact]
    public void A_weight_that_only_leads_to_a_choice_or_nowhere_is_named()
    {
        // y = x w1; which = argmax(x w2), which passes no gradient; x w3 is read by nobody.
        var sketch = Branches().Output("y").Output("which", ElementType.Int64);

        var proof = TrainabilityProof.Of(sketch.Graph);

        Assert.Equal(TrainabilityVerdict.Partly, proof.Verdict);
        Assert.Equal(
            [("w1", GradientState.Present), ("w2", GradientState.Absent), ("w3", GradientState.Unread)],
            proof.Weights.Select(weight => (weight.Name, weight.State)));
        Assert.Contains("1 of 3", proof.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_outputs_that_are_learnt_from_count()
    {
        var sketch = new Sketch().Input("x", Dimension.Named("batch"), 4).Weight("w1", 4, 3).Weight("w2", 4, 3)
            .Node("MatMul", "x,w1", "a").Node("MatMul", "x,w2", "b").Output("a").Output("b");

        Assert.Equal(TrainabilityVerdict.Proved, TrainabilityProof.Of(sketch.Graph).Verdict);
        var first = TrainabilityProof.Of(sketch.Graph, new() { Outputs = ["a"] });
        Assert.Equal([GradientState.Present, GradientState.Unread], first.Weights.Select(weight => weight.State));
    }

    [Fact]
    public void A_last_layer_of_zeros_stops_the_gradient_for_now_and_is_proved_all_the_same()
    {
        var sketch = new Sketch().Input("x", Dimension.Named("batch"), 4).Weight("w1", 4, 3).Constant("w2", TensorData.Create<float>(new float[6], 3, 2), trainable: true)
            .Node("MatMul", "x,w1", "h").Node("MatMul", "h,w2", "y").Output("y");

        var proof = TrainabilityProof.Of(sketch.Graph);

        Assert.Equal(TrainabilityVerdict.Proved, proof.Verdict);
        Assert.Equal([GradientState.ZeroForNow, GradientState.Present], proof.Weights.Select(weight => weight.State));
    }

    [Fact]
    public void A_softmax_at_the_end_is_no_obstacle()
    {
        // The plain sum of probabilities is 1 whatever the weights are.
        var sketch = new Sketch().Input("x", Dimension.Named("batch"), 4).Weight("w", 4, 3).Node("MatMul", "x,w", "z").Node("Softmax", "z", "y").Output("y");

        Assert.Equal(TrainabilityVerdict.Proved, TrainabilityProof.Of(sketch.Graph).Verdict);
    }

    [Fact]
    public void A_gradient_that_is_no_number_is_refused_by_name()
    {
        // Of eight normal numbers one is negative, and the square root of a negative one is no number.
        var sketch = new Sketch().Input("x", Dimension.Named("batch"), 4).Weight("w", 4, 3).Node("MatMul", "x,w", "z").Node("Sqrt", "z", "y").Output("y");

        var proof = TrainabilityProof.Of(sketch.Graph);

        Assert.Equal(TrainabilityVerdict.Refused, proof.Verdict);
        Assert.Equal(GradientState.NotFinite, Assert.Single(proof.Weights).State);
    }

    [Fact]
    public void An_operator_that_is_not_covered_is_named_with_its_node()
    {
        var sketch = new Sketch().Input("x", Dimension.Named("batch"), 4).Weight("w", 4, 3).Node("MatMul", "x,w", "z").Node("Glorious", "z", "y").Output("y");

        var proof = TrainabilityProof.Of(sketch.Graph);

        Assert.Equal(TrainabilityVerdict.Refused, proof.Verdict);
        Assert.Contains("Glorious 'make_y'", proof.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_that_contradicts_itself_is_no_exception()
    {
        var sketch = new Sketch().Input("x", Dimension.Named("batch"), 4).Weight("w", 5, 3).Node("MatMul", "x,w", "y").Output("y");

        var proof = TrainabilityProof.Of(sketch.Graph);

        Assert.NotEqual(TrainabilityVerdict.Proved, proof.Verdict);
        Assert.Contains("make_y", proof.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_size_that_nobody_tells_is_asked_for_and_a_told_one_is_used()
    {
        var sketch = new Sketch().Input("x", Dimension.Named("batch"), Dimension.Named("features")).Weight("w", 4, 3).Node("MatMul", "x,w", "y").Output("y");

        var proof = TrainabilityProof.Of(sketch.Graph);
        Assert.Equal(TrainabilityVerdict.NotTried, proof.Verdict);
        Assert.Contains("--shape x=", proof.Reason, StringComparison.Ordinal);

        Assert.Equal(TrainabilityVerdict.Proved, TrainabilityProof.Of(sketch.Graph, Fed("x", 2, 4)).Verdict);
        Assert.Contains("does not fit", TrainabilityProof.Of(sketch.Graph, Fed("x", 2, 4, 1)).Reason, StringComparison.Ordinal);
        Assert.Contains("'z'", TrainabilityProof.Of(sketch.Graph, Fed("z", 2, 4)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Token_ids_and_a_mask_are_fed_so_that_an_embedding_trains()
    {
        // Table 11 x 4, three tokens of it weighted by a mask, then two classes: all in the graph's own sizes.
        var sketch = new Sketch().Input("ids", ElementType.Int64, Dimension.Named("batch"), Dimension.Named("length")).Input("mask", ElementType.Int64, Dimension.Named("batch"), Dimension.Named("length"))
            .Weight("table", 11, 4).Weight("w", 2, 4).Longs("axis", 2)
            .Node("Gather", "table,ids", "tokens")
            .Node("Cast", "mask", "there", ("to", new IntValue(1))).Node("Unsqueeze", "there,axis", "wide").Node("Mul", "tokens,wide", "kept")
            .Node("ReduceMean", "kept", "mean", ("axes", new IntsValue([1])), ("keepdims", new IntValue(0)))
            .Node("Gemm", "mean,w", "y", ("transB", new IntValue(1))).Output("y");

        // The length told for the one input is the other's too.
        var proof = TrainabilityProof.Of(sketch.Graph, Fed("ids", 2, 3));

        Assert.Equal((TrainabilityVerdict.Proved, 2), (proof.Verdict, proof.Weights.Count));
        Assert.Contains("'ids' [2, 3], 'mask' [2, 3]", proof.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_output_of_several_sends_its_gradient()
    {
        var sketch = new Sketch().Input("x", Dimension.Named("batch"), 4).Weight("w", 4, 6).Longs("sizes", 2, 2, 2)
            .Node("MatMul", "x,w", "h").Node("Split", "h,sizes", "a,b,c", ("axis", new IntValue(1))).Output("a").Output("b").Output("c");

        var proof = TrainabilityProof.Of(sketch.Graph);

        Assert.Equal(TrainabilityVerdict.Proved, proof.Verdict);
        Assert.Equal(["a", "b", "c"], proof.OutputShapes.Keys);
    }

    [Fact]
    public void A_file_for_one_picture_is_tried_with_its_batch_freed()
    {
        var sketch = new Sketch().Input("x", 1, 1, 2, 2).Longs("flat", 1, 4).Weight("w", 4, 3).Node("Reshape", "x,flat", "f").Node("MatMul", "f,w", "y").Output("y", 1, 3);

        var proof = TrainabilityProof.Of(sketch.Graph);

        Assert.Equal(TrainabilityVerdict.Proved, proof.Verdict);
        Assert.Equal([2L, 3L], proof.OutputShapes["y"]);
        Assert.Contains("batch of 1 freed", proof.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Weights_of_16_bits_train(bool keepOutside)
    {
        var graph = new Float16Pass(new() { KeepInputsAndOutputs = keepOutside }).Apply(Zoo("resnet8")).Graph;
        Assert.Contains(graph.Initializers, initializer => initializer is { Trainable: true, Data.Type: ElementType.Float16 });

        Assert.Equal(TrainabilityVerdict.Proved, TrainabilityProof.Of(graph).Verdict);
    }

    [Fact]
    public void Integer_weights_are_refused_with_the_way_out_and_lifted_ones_train()
    {
        // 0.5 (w - 0) for w of 1, 2, …: a deployed layer of 4 inputs and 2 outputs.
        var sketch = new Sketch().Input("x", Dimension.Named("batch"), 4).Constant("q", TensorData.Create<sbyte>([1, 2, 3, 4, 5, 6, 7, 8], 4, 2)).Floats("scale", [], 0.5f).Constant("zero", TensorData.Create<sbyte>([0]))
            .Node("DequantizeLinear", "q,scale,zero", "w").Node("MatMul", "x,w", "y").Output("y");

        var proof = TrainabilityProof.Of(sketch.Graph);
        Assert.Equal(TrainabilityVerdict.Refused, proof.Verdict);
        Assert.Contains("lift-quantized", proof.Reason, StringComparison.Ordinal);

        var lifted = TrainabilityProof.Of(new LiftQuantizedPass().Apply(sketch.Graph).Graph);
        Assert.Equal((TrainabilityVerdict.Proved, 1), (lifted.Verdict, lifted.Weights.Count));
    }

    [Fact]
    public void Weights_beside_a_strangers_file_and_weights_listed_as_inputs_are_found()
    {
        using var folder = new TemporaryFolder();
        ForeignFile.SaveExternal(Zoo("mlp"), folder["outside.onnx"]);
        folder.Write("old.onnx", ForeignFile.Write(Zoo("mlp"), irVersion: 3));

        foreach (string name in new[] { "outside.onnx", "old.onnx" })
        {
            var proof = TrainabilityProof.Of(ModelImport.Load(folder[name]).Graph);
            Assert.Equal((TrainabilityVerdict.Proved, 6), (proof.Verdict, proof.Weights.Count));
        }
    }

    [Fact]
    public void What_would_cost_too_much_is_not_tried()
    {
        // 3 x 32 x 32 x 800 multiply-accumulates and more for each of 2 pictures; 800 values and more.
        var graph = Zoo("mlp");

        Assert.All(
            [new TrainabilityOptions { MaxMacs = 1_000_000 }, new TrainabilityOptions { MaxValues = 800 }, new TrainabilityOptions { MaxParameters = 1_000_000 }],
            options => Assert.Equal(TrainabilityVerdict.NotTried, TrainabilityProof.Of(graph, options).Verdict));
        var huge = new Sketch().Input("x", Dimension.Named("batch"), 1_000_000, 1_000_000).Weight("w", 2, 2).Node("MatMul", "x,w", "y").Output("y");
        Assert.Equal(TrainabilityVerdict.NotTried, TrainabilityProof.Of(huge.Graph).Verdict);
    }

    [Fact]
    [Trait("Category", "Golden")]
    public void A_whole_model_from_elsewhere_is_proved()
    {
        foreach (string path in GoldenModels.Light)
        {
            var proof = TrainabilityProof.Of(ModelImport.Load(path).Graph);

            Assert.True(proof.Verdict == TrainabilityVerdict.Proved, $"{path}, {proof.Verdict}: {proof.Reason}\n{string.Join('\n', proof.Weights.Where(weight => !weight.Trains))}");
        }
    }

    private static Sketch Branches() => new Sketch().Input("x", Dimension.Named("batch"), 4).Weight("w1", 4, 3).Weight("w2", 4, 3).Weight("w3", 4, 3)
        .Node("MatMul", "x,w1", "y").Node("MatMul", "x,w2", "scores").Node("ArgMax", "scores", "which", ("axis", new IntValue(1))).Node("MatMul", "x,w3", "nobody");

    private static ModelGraph Zoo(string key)
    {
        var models = PluginCatalogs.BuiltIn.Models;
        var graph = models.Build(key, (Graph.Zoo.ModelOptions)Activator.CreateInstance(models.Find(key).OptionsType)!);
        WeightInitializer.Draw(graph, seed: 1);
        return graph;
    }

    private static TrainabilityOptions Fed(string name, params long[] shape) =>
        new() { Trial = new() { Batch = 2, Shapes = new Dictionary<string, IReadOnlyList<long>> { [name] = shape } } };
}
