using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Quantization;
using DistillSharp.Runtime.Tests.Passes;

namespace DistillSharp.Runtime.Tests.Quantization;

public sealed class FormsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_training_form_holds_float_weights_and_answers_as_the_deployed_form_does()
    {
        var quantizer = Quantized.Calibrate(Quantized.Residual().Graph);
        var training = quantizer.TrainingForm(cancellation: Cancellation);
        var deployed = quantizer.Quantize(cancellation: Cancellation);

        Assert.All(["w1", "w2", "w3", "b1", "b2", "b3"], name => Assert.True(training.FindInitializer(name) is { Trainable: true, Data.Type: ElementType.Float32 }));
        Assert.DoesNotContain(training.Nodes, node => node.Operation == "Relu");
        Assert.InRange(Quantized.Difference(training, deployed), 0, 1e-2);
    }

    [Fact]
    public void Deployed_lifted_and_deployed_again_is_the_same_file()
    {
        var deployed = Quantized.Calibrate(Quantized.Residual().Graph).Quantize(cancellation: Cancellation);

        var lifted = new LiftQuantizedPass().Apply(deployed);
        var again = new DeployQuantizedPass().Apply(lifted.Graph).Graph;

        Assert.Contains(lifted.Changes[0].Notes, note => note.Contains("lost", StringComparison.Ordinal));
        Assert.Equal(Integers(deployed), Integers(again));
        Assert.Equal(OnnxFile.Serialize(deployed).Length, OnnxFile.Serialize(again).Length, 200.0);
        Assert.Equal(0, Quantized.Difference(deployed, again));
        Assert.Equal(6, lifted.Graph.Initializers.Count(initializer => initializer.Trainable));
    }

    [Fact]
    public void A_bias_that_training_moved_beyond_32_bits_gets_a_coarser_step()
    {
        var training = Quantized.Calibrate(Quantized.Residual().Graph).TrainingForm(cancellation: Cancellation);
        training.FindInitializer("w3")!.Data.AsSpan<float>()[..4].Clear();
        training.FindInitializer("b3")!.Data.AsSpan<float>()[0] = 1e9f;
        var deployed = new DeployQuantizedPass().Apply(training).Graph;

        var feeds = PassAssert.Feeds(training, 1);
        double[] expected = PassAssert.Numbers(SessionRun.Run(training, feeds)["y"]), actual = PassAssert.Numbers(SessionRun.Run(deployed, feeds)["y"]);

        Assert.Equal(expected[0], actual[0], 1e9 * 1e-6);
    }

    private static string[] Integers(ModelGraph graph) =>
        [.. graph.Initializers.Where(initializer => initializer.Data.Type is ElementType.Int8 or ElementType.Int32).Select(initializer => Convert.ToHexString(initializer.Data.Bytes)).Order(StringComparer.Ordinal)];
}
