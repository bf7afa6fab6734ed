using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Runtime.Tests;

public sealed class EvaluatorTests
{
    /// <summary>Pixels 0 and 255 are -1 and 1 after normalisation: logits are (4, -4) and (-4, 4).</summary>
    private static readonly MemorySamples s_samples = new("test", [SmallModel.Grey(0), SmallModel.Grey(255), SmallModel.Grey(255), SmallModel.Grey(0), SmallModel.Grey(0)], [0, 1, 0, 0, 1]);

    private static BatchLoaderOptions Options(int batch = 2) => new() { Input = SmallModel.Input, BatchSize = batch, Workers = 1 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(64)]
    public void Every_sample_is_scored_in_order_whatever_the_batch(int batch)
    {
        using var session = SmallModel.Session();

        var evaluation = Evaluator.Evaluate(session, s_samples, Options(batch), cancellation: TestContext.Current.CancellationToken);

        Assert.Equal([0, 1, 0, 0, 1], evaluation.Labels);
        Assert.Equal([0, 1, 1, 0, 0], evaluation.Predictions);
        Assert.Equal([4f, -4f, -4f, 4f, -4f, 4f, 4f, -4f, 4f, -4f], evaluation.Logits, (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal((5, 2, 0.6), (evaluation.Score.Count, evaluation.Score.Errors, evaluation.Score.Top1));

        // Three right at -ln s(8), two wrong at -ln s(-8) = 8 - ln s(8).
        double right = Math.Log(1 + Math.Exp(-8));
        Assert.Equal(((3 * right) + (2 * (8 + right))) / 5, evaluation.Score.Nll, 1e-5);
    }

    [Fact]
    public void Order_incomplete_batches_and_augmentation_of_the_options_are_ignored()
    {
        using var session = SmallModel.Session();
        var options = Options(2) with { Shuffle = true, DropLast = true, Seed = 9, Augmentations = [new Invert()] };

        Assert.Equal([0, 1, 1, 0, 0], Evaluator.Evaluate(session, s_samples, options, cancellation: TestContext.Current.CancellationToken).Predictions);
    }

    [Fact]
    public void The_agreement_is_the_share_the_teacher_predicts_alike()
    {
        using var session = SmallModel.Session();

        Assert.Equal(0.8, Evaluator.Evaluate(session, s_samples, Options(), [0, 1, 1, 0, 1], cancellation: TestContext.Current.CancellationToken).Score.Agreement);
        Assert.Null(Evaluator.Evaluate(session, s_samples, Options(), cancellation: TestContext.Current.CancellationToken).Score.Agreement);
    }

    [Fact]
    public void A_label_above_the_models_classes_is_refused_with_both()
    {
        using var session = SmallModel.Session();
        var samples = new MemorySamples("test", [SmallModel.Grey(0), SmallModel.Grey(1)], [0, 7]);

        var error = Assert.Throws<DataException>(() => Evaluator.Evaluate(session, samples, Options()));
        Assert.Contains("tells 2 classes apart, but the data has a sample of class 7", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_no_classifier_is_refused_with_its_shape()
    {
        var graph = SmallModel.Graph(null);
        graph.Nodes.Clear();
        graph.Nodes.Add(new GraphNode("Identity", ["input"], ["logits"]));
        graph.Outputs[0] = new("logits", ElementType.Float32, null);
        using var session = ModelSession.Open(OnnxFile.Serialize(graph), new() { Threads = 1 });

        var error = Assert.Throws<DataException>(() => Evaluator.Evaluate(session, s_samples, Options()));
        Assert.Contains("'logits' is [2, 1, 2, 2] for 2 pictures; a classifier answers [2, classes]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_that_cannot_be_read_stop_it_or_are_left_out_and_named()
    {
        using var session = SmallModel.Session();
        var broken = new BrokenSamples(s_samples, bad: 2);

        Assert.Throws<DataException>(() => Evaluator.Evaluate(session, broken, Options()));
        var evaluation = Evaluator.Evaluate(session, broken, Options() with { SkipBad = true }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([0, 1, 0, 1], evaluation.Labels);
        Assert.Contains("record 2", Assert.Single(evaluation.BadSamples), StringComparison.Ordinal);
    }

    [Fact]
    public void It_can_be_stopped()
    {
        using var session = SmallModel.Session();
        Assert.ThrowsAny<OperationCanceledException>(() => Evaluator.Evaluate(session, s_samples, Options(), cancellation: new CancellationToken(canceled: true)));
    }

    private sealed class Invert : Augmentation
    {
        public override DistillSharp.Tasks.Images.PixelImage Apply(DistillSharp.Tasks.Images.PixelImage image, ref SampleRandom random) =>
            new(1, 2, 2, [.. image.Pixels.Select(pixel => (byte)(255 - pixel))]);
    }

    private sealed class BrokenSamples(ISampleSource inner, int bad) : ISampleSource
    {
        public int Count => inner.Count;

        public int LabelOf(int index) => inner.LabelOf(index);

        public string Describe(int index) => inner.Describe(index);

        public ImageSample Read(int index) => index == bad ? throw new DataException($"{Describe(index)} cannot be read.") : inner.Read(index);
    }
}
