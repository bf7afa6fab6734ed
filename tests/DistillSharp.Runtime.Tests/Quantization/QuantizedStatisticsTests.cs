using DistillSharp.Graph;
using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Quantization;
using DistillSharp.Runtime.Tests.Passes;
using DistillSharp.TestKit;

namespace DistillSharp.Runtime.Tests.Quantization;

/// <summary>A quantized graph has the parameters and the multiply-accumulates of the float graph that it was made from, in whatever form its integers are.</summary>
public sealed class QuantizedStatisticsTests
{
    /// <summary>Two convolutions of 4 channels on 6 x 6 places and a matrix of 5 x 4, each with biases, counted by hand.</summary>
    private const long Parameters = (4 * 27) + 4 + (4 * 36) + 4 + 20 + 5, Macs = (36 * 4 * 27) + (36 * 4 * 36) + 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Weights_behind_DequantizeLinear_count()
    {
        var quantizer = Quantized.Calibrate(Quantized.Residual().Graph);

        Require(ModelStatistics.Of(quantizer.Prepared), quantized: 0);
        Require(ModelStatistics.Of(quantizer.TrainingForm(cancellation: Cancellation)), quantized: 0);
        Require(ModelStatistics.Of(quantizer.Quantize(cancellation: Cancellation)), Parameters);
        Require(ModelStatistics.Of(OnnxFile.Load(OnnxFile.Serialize(quantizer.Quantize(cancellation: Cancellation)))), Parameters);
    }

    [Fact]
    public void A_training_form_from_elsewhere_counts()
    {
        var graph = Quantized.Calibrate(Quantized.Residual().Graph).TrainingForm(cancellation: Cancellation);
        foreach (var initializer in graph.Initializers)
        {
            initializer.Trainable = false;
        }

        // Biases that no rounding hides are what the import marks by itself.
        foreach (string bias in new[] { "b1", "b2", "b3" })
        {
            graph.FindInitializer(bias)!.Trainable = true;
        }

        Require(ModelStatistics.Of(graph), Parameters - 13);
    }

    [Fact]
    public void Products_quantized_dynamically_count()
    {
        var graph = new TestGraph().Input("x", Dimension.Named("batch"), 4).Weight("w", 5, 4).Weight("b", 5).Weight("m", 5, 3)
            .Node("Gemm", ["x", "w", "b"], ["h"], ("transB", new IntValue(1))).Node("MatMul", ["h", "m"], ["y"]).Output("y").Graph;
        var dynamic = new DynamicQuantizePass(new()).Apply(graph).Graph;

        Assert.Equal((40, 35), (ModelStatistics.Of(graph).Parameters, ModelStatistics.Of(graph).Macs!.Value));
        Assert.Equal((40, 35), (ModelStatistics.Of(dynamic).Parameters, ModelStatistics.Of(dynamic).Macs!.Value));
        Assert.Equal(35, ModelStatistics.Of(dynamic).Quantized);
    }

    [Fact]
    public void Integer_convolutions_count_with_the_bias_that_is_added_behind_them()
    {
        var graph = new TestGraph().Input("x", Dimension.Named("batch"), 3, 6, 6).Output("y").Graph;
        graph.Add(new("w", new(ElementType.Int8, [4, 3, 3, 3], new byte[108]), trainable: false));
        graph.Add(new("zero", new(ElementType.Int8, [], new byte[1]), trainable: false));
        graph.Add(new("scale", TensorData.Create<float>([0.1f], []), trainable: false));
        graph.Add(new("bias", TensorData.Create<float>(new float[4], [4]), trainable: false));
        graph.Add(new("shape", TensorData.Create<long>([1, 4, 1, 1], [4]), trainable: false));
        graph.Nodes.Add(new("DynamicQuantizeLinear", ["x"], ["q", "qs", "qz"]));
        var convolution = new GraphNode("ConvInteger", ["q", "w", "qz", "zero"], ["i"]);
        convolution.Attributes["pads"] = new IntsValue([1, 1, 1, 1]);
        graph.Nodes.Add(convolution);
        var cast = new GraphNode("Cast", ["i"], ["f"]);
        cast.Attributes["to"] = new IntValue((long)ElementType.Float32);
        graph.Nodes.Add(cast);
        graph.Nodes.Add(new("Mul", ["qs", "scale"], ["s"]));
        graph.Nodes.Add(new("Mul", ["f", "s"], ["m"]));
        graph.Nodes.Add(new("Reshape", ["bias", "shape"], ["b"]));
        graph.Nodes.Add(new("Add", ["m", "b"], ["y"]));

        var statistics = ModelStatistics.Of(graph);

        Assert.Equal((112, 2, 112, 36 * 4 * 27), (statistics.Parameters, statistics.ParameterTensors, statistics.Quantized, statistics.Macs!.Value));
        Assert.Equal(6, statistics.Frozen);
    }

    [Fact]
    public void Linear_operators_of_integers_count()
    {
        var graph = new ModelGraph();
        graph.Inputs.Add(new("x", ElementType.UInt8, [Dimension.Named("batch"), 3, 6, 6]));
        graph.Outputs.Add(new("y", ElementType.UInt8, null));
        graph.Add(new("w", new(ElementType.Int8, [4, 3, 3, 3], new byte[108]), trainable: false));
        graph.Add(new("b", new(ElementType.Int32, [4], new byte[16]), trainable: false));
        graph.Add(new("m", new(ElementType.Int8, [64, 5], new byte[320]), trainable: false));
        graph.Add(new("s", TensorData.Create<float>([0.1f], []), trainable: false));
        graph.Add(new("z", new(ElementType.UInt8, [], new byte[1]), trainable: false));
        graph.Add(new("wz", new(ElementType.Int8, [], new byte[1]), trainable: false));
        graph.Nodes.Add(new("QLinearConv", ["x", "s", "z", "w", "s", "wz", "s", "z", "b"], ["c"]));
        graph.Nodes.Add(new("Flatten", ["c"], ["f"]));
        graph.Nodes.Add(new("QLinearMatMul", ["f", "s", "z", "m", "s", "wz", "s", "z"], ["y"]));

        var statistics = ModelStatistics.Of(graph);

        // The convolution leaves 4 x 4 places.
        Assert.Equal((108 + 4 + 320, (16 * 4 * 27) + 320), (statistics.Parameters, statistics.Macs!.Value));
        Assert.Equal(3, statistics.Frozen);
    }

    /// <summary>Published: torchvision counts 3,504,872 parameters, of which folding takes one of two for each of 17,056 channels behind a norm; Ultralytics counts 2,616,248 in the fused YOLO11n.</summary>
    [Theory]
    [Trait("Category", "Golden")]
    [InlineData("mobilenetv2-int8-dynamic-224.onnx", 3_487_816, 300_774_272)]
    [InlineData("mobilenetv2-int8-qdq-224.onnx", 3_487_816, 300_774_272)]
    [InlineData("yolo11n-int8-320.onnx", 2_616_248, null)]
    public void Files_of_ONNX_Runtimes_own_quantizer_have_the_published_counts(string name, long parameters, int? macs)
    {
        var statistics = ModelStatistics.Of(ModelImport.Load(SharedFolder.Data("models", name)).Graph);

        Assert.Equal(parameters, statistics.Parameters);
        Assert.True(macs is null || statistics.Macs == macs, $"{statistics.Macs}");
        Assert.True(statistics.Macs > 100_000_000, $"{statistics.Macs}");
    }

    private static void Require(ModelStatistics statistics, long quantized) =>
        Assert.Equal((Parameters, Macs, quantized, 6), (statistics.Parameters, statistics.Macs!.Value, statistics.Quantized, statistics.ParameterTensors));
}
