using DistillSharp.Graph;
using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Quantization;
using DistillSharp.Graph.Quantization.Observers;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Runtime.Tests.Passes;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Runtime.Tests.Quantization;

/// <summary>Models and samples that are unusual: each quantises to something sound, or is refused with what to do.</summary>
public sealed class QuantizerInputsTests
{
    public static TheoryData<CalibrationMethod> Methods => [.. Enum.GetValues<CalibrationMethod>()];

    [Fact]
    public void Batches_without_samples_are_an_empty_set() =>
        Assert.Equal("The calibration set is empty, so nothing is known of the activations' ranges. Give training samples; 512 suffice.", Assert.Throws<DataException>(() => new CalibrationSet([new CalibrationBatch(Array.Empty<float>(), [0, 3, 6, 6])])).Message);

    [Theory]
    [InlineData(new long[] { 2, 1, 6, 6 })]
    [InlineData(new long[] { 2, 4, 6, 6 })]
    [InlineData(new long[] { 2, 6, 6, 3 })]
    [InlineData(new long[] { 2, 108 })]
    public void Samples_of_other_channels_or_axes_are_refused_with_both_shapes(long[] shape)
    {
        var set = new CalibrationSet([new CalibrationBatch(new float[shape.Aggregate((product, size) => product * size)], shape)]);

        Assert.Equal($"A calibration batch is [{string.Join(", ", shape)}], but the model's input 'x' is [?, 3, 6, 6].", Refusal(() => Calibrate(Quantized.Residual().Graph, set)));
    }

    [Fact]
    public void Fewer_numbers_than_the_shape_says_are_refused() =>
        Assert.Equal("A calibration batch is [2, 3, 6, 6] and holds 7 numbers, but the model's input 'x' is [?, 3, 6, 6].", Refusal(() => Calibrate(Quantized.Residual().Graph, new([new CalibrationBatch(new float[7], [2, 3, 6, 6])]))));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_sample_that_is_not_finite_is_refused_at_the_input(float number)
    {
        float[] pixels = new float[108];
        pixels[50] = number;

        Assert.Equal($"The value 'x' cannot be calibrated: A number is {number}, so no range holds it. Check the model's weights and the samples' normalisation.", Refusal(() => Calibrate(Quantized.Residual().Graph, new([new CalibrationBatch(pixels, [1, 3, 6, 6])]))));
    }

    [Theory]
    [InlineData("w3", float.NaN)]
    [InlineData("w3", float.PositiveInfinity)]
    [InlineData("b3", float.NaN)]
    [InlineData("b3", float.NegativeInfinity)]
    public void A_weight_of_the_last_layer_that_is_not_finite_is_named(string name, float number)
    {
        // Nobody observes what the last layer makes: it ends in float.
        var graph = Quantized.Residual().Graph;
        graph.FindInitializer(name)!.Data.AsSpan<float>()[1] = number;

        Assert.Equal($"'{name}' of Gemm 'make_y' holds {number}, which no integer stands for. The training diverged, or the file is damaged.", Refusal(() => Quantized.Calibrate(graph).Quantize()));
    }

    [Fact]
    public void A_weight_that_is_not_finite_is_named_without_samples_too()
    {
        var graph = Quantized.Residual().Graph;
        graph.FindInitializer("w3")!.Data.AsSpan<float>()[1] = float.NaN;

        Assert.Equal("'w3' of Gemm 'make_y' holds NaN, which no integer stands for. The training diverged, or the file is damaged.", Refusal(() => new DynamicQuantizePass(new()).Apply(graph)));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Activations_of_one_number_get_a_scale_that_holds_it(CalibrationMethod method)
    {
        // Weights of zero: what comes out of each layer is its bias, whatever goes in.
        var graph = Quantized.Residual().Graph;
        foreach (string name in new[] { "w1", "w2" })
        {
            graph.FindInitializer(name)!.Data.AsSpan<float>().Clear();
        }

        foreach (string name in new[] { "b1", "b2" })
        {
            graph.FindInitializer(name)!.Data.AsSpan<float>().Fill(0.75f);
        }

        var set = new CalibrationSet([new CalibrationBatch(Filled(108, 0.5f), [1, 3, 6, 6])]);
        var int8 = Sound(graph, set, new() { Calibration = method });

        Assert.InRange(Quantized.Difference(graph, int8), 0, 0.02);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Samples_of_zeros_alone_give_a_model_that_loads(CalibrationMethod method) =>
        Sound(Quantized.Residual().Graph, new([new CalibrationBatch(new float[108], [1, 3, 6, 6])]), new() { Calibration = method });

    [Fact]
    public void A_channel_that_is_always_zero_is_quantised_with_the_others()
    {
        var graph = Quantized.Residual().Graph;
        graph.FindInitializer("w1")!.Data.AsSpan<float>()[..27].Clear();
        graph.FindInitializer("b1")!.Data.AsSpan<float>()[0] = 0;
        graph.FindInitializer("w2")!.Data.AsSpan<float>()[..36].Clear();
        graph.FindInitializer("b2")!.Data.AsSpan<float>()[0] = 0;

        Assert.InRange(Quantized.Difference(graph, Sound(graph, Quantized.Noise(graph), new())), 1e-6, 0.1);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void One_sample_suffices(CalibrationMethod method)
    {
        var graph = Quantized.Residual().Graph;

        Assert.InRange(Quantized.Difference(graph, Sound(graph, Quantized.Noise(graph, batches: 1, size: 1), new() { Calibration = method })), 1e-6, 0.3);
    }

    [Fact]
    public void A_batch_that_the_file_fixes_is_kept()
    {
        var graph = Fixed(1);
        var set = new CalibrationSet([.. Enumerable.Range(0, 4).Select(i => new CalibrationBatch(PassAssert.Feeds(graph, i)["x"].AsSpan<float>().ToArray(), [1, 3, 6, 6]))]);

        Assert.InRange(Quantized.Difference(graph, Sound(graph, set, new())), 1e-6, 0.1);
        Assert.Equal("A calibration batch is [4, 3, 6, 6], but the model's input 'x' is [1, 3, 6, 6].", Refusal(() => Calibrate(graph, new([new CalibrationBatch(new float[4 * 108], [4, 3, 6, 6])]))));
    }

    [Fact]
    public void Free_heights_and_widths_may_differ_from_batch_to_batch()
    {
        var graph = Quantized.Residual().Graph;
        graph.Inputs[0] = graph.Inputs[0] with { Shape = [Dimension.Named("batch"), 3, Dimension.Named("h"), Dimension.Named("w")] };
        var random = new Random(3);
        var set = new CalibrationSet([.. new[] { (6, 6), (8, 5), (4, 9) }.Select(size => new CalibrationBatch(PassAssert.Random(ElementType.Float32, [2, 3, size.Item1, size.Item2], random).AsSpan<float>().ToArray(), [2, 3, size.Item1, size.Item2]))]);

        Sound(graph, set, new());
    }

    [Fact]
    public void A_model_of_float16_weights_says_why_nothing_is_quantised()
    {
        var graph = new Float16Pass(new()).Apply(Quantized.Residual().Graph).Graph;

        string message = Refusal(() => Calibrate(graph, Quantized.Noise(graph)));

        Assert.StartsWith("There is nothing to quantise: Conv 'make_c1' stays in float: its weight is Float16, not Float32.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_two_inputs_is_refused_with_what_to_do()
    {
        var graph = new TestGraph().Input("x", 1, 3, 6, 6).Input("z", 1, 4, 6, 6).Weight("w", 4, 3, 1, 1).Node("Conv", ["x", "w"], ["c"]).Node("Add", ["c", "z"], ["y"]).Output("y").Graph;

        Assert.Equal("The model takes x: Float32 [1, 3, 6, 6], z: Float32 [1, 4, 6, 6]; only models of one float32 input can be calibrated. Quantise it dynamically instead.", Refusal(() => Calibrate(graph, new([new CalibrationBatch(new float[108], [1, 3, 6, 6])]))));
    }

    [Fact]
    public void A_model_quantised_dynamically_is_quantised_already()
    {
        var graph = new DynamicQuantizePass(new()).Apply(Quantized.Residual().Graph).Graph;

        Assert.StartsWith("The graph is quantised already: it holds DynamicQuantizeLinear", Refusal(() => Calibrate(graph, Quantized.Noise(graph))), StringComparison.Ordinal);
        Assert.Contains("quantised already", Refusal(() => new DynamicQuantizePass(new()).Apply(graph)), StringComparison.Ordinal);
    }

    private static ModelGraph Fixed(long batch)
    {
        var graph = Quantized.Residual().Graph;
        graph.Inputs[0] = graph.Inputs[0] with { Shape = [batch, 3, 6, 6] };
        return graph;
    }

    private static float[] Filled(int count, float number)
    {
        float[] numbers = new float[count];
        numbers.AsSpan().Fill(number);
        return numbers;
    }

    private static StaticQuantizer Calibrate(ModelGraph graph, CalibrationSet set, StaticQuantizationOptions? options = null) => StaticQuantizer.Calibrate(graph, set, (options ?? new()) with { Threads = 1 });

    /// <summary>Quantises: the result keeps the rules, loads without a warning, and its scales are ordinary numbers.</summary>
    private static ModelGraph Sound(ModelGraph graph, CalibrationSet set, StaticQuantizationOptions options)
    {
        var int8 = Calibrate(graph, set, options).Quantize();
        GraphChecker.Require(int8);
        Assert.Empty(SessionLog.Warnings(int8));
        foreach (var scale in int8.Initializers.Where(initializer => initializer.Data.Type == ElementType.Float32))
        {
            Assert.All(scale.Data.AsSpan<float>().ToArray(), number => Assert.True(number is > 0 and < float.PositiveInfinity, $"{scale.Name} holds {number}."));
        }

        return int8;
    }

    private static string Refusal(Action work) => Assert.ThrowsAny<GraphException>(work).Message;
}
