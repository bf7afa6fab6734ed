using DistillSharp.Graph;
using DistillSharp.Losses.Feature;
using DistillSharp.Losses.Response;
using DistillSharp.TestKit;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Training;

/// <summary>A student that stays at chance while its teacher does not is stopped; one that learns slowly, or that nothing shows to be wrong, is not.</summary>
public sealed class ChanceGuardTests
{
    private const double Frozen = 1e-30;

    [Fact]
    public void A_student_at_chance_is_stopped_with_cause_and_settings()
    {
        using var folder = new TemporaryFolder();
        var watcher = new WatchingObserver();

        var error = Assert.Throws<TrainingStuckException>(() => Train(Setup(Silent(), Options(Frozen), folder.Path, watcher), knows: true));

        Assert.Equal((4, 4), (error.EpochNumber, watcher.Epochs.Count));
        foreach (string part in new[] { "after epoch 4", "for 4 epochs", "training accuracy", "held-out top-1", "chance up to", "hard 1.099 to 1.099", "a teacher gets 100.0 % right", "gradient norms", "training.clip-norm", "training.warmup-epochs", "learning rate", "training.chance-epochs: 0" })
        {
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }

        Assert.True(File.Exists(folder["state.safetensors"]));
        Assert.Equal(error.EpochNumber + 1, Assert.Throws<TrainingStuckException>(() => Train(Setup(Silent(), Options(Frozen), folder.Path) with { Resume = true }, knows: true)).EpochNumber);
    }

    [Fact]
    public void Epochs_of_the_warm_up_do_not_count() =>
        Assert.Equal(7, Assert.Throws<TrainingStuckException>(() => Train(Setup(Silent(), Options(Frozen) with { WarmupEpochs = 2.5, ChanceEpochs = 4 }), knows: true)).EpochNumber);

    [Fact]
    public void It_can_be_turned_off() => Assert.Equal(9, Train(Setup(Silent(), Options(Frozen) with { ChanceEpochs = 0 }), knows: true).Curve.Count);

    [Fact]
    public void A_student_that_learns_slowly_is_left_alone()
    {
        // In four epochs the loss falls by less than a thousandth, and the accuracy stays that of chance.
        var setup = Setup(Silent(), Options(0.05));
        var curve = Train(setup, knows: true).Curve;

        Assert.Equal(9, curve.Count);
        Assert.All(curve, epoch => Assert.True(epoch.TrainAccuracy <= ChanceLevel.Of(setup.Data)!.Value.Bound && epoch.ValidationScore <= ChanceLevel.Of(setup.HeldOut)!.Value.Bound));
        Assert.InRange(curve[^1].Terms["hard"] / curve[^5].Terms["hard"], 0.999, 0.99999);
    }

    [Fact]
    public void A_teacher_at_chance_shows_nothing() => Assert.Equal(9, Train(Setup(Silent(), Options(Frozen)), knows: false).Curve.Count);

    [Fact]
    public void Too_few_images_show_nothing()
    {
        var few = Setup(Silent(), Options(Frozen)) with { Data = SmallRun.Pictures(10), HeldOut = SmallRun.Pictures(9, seed: 1) };
        Assert.Equal(9, Train(few, knows: true).Curve.Count);
    }

    [Fact]
    public void A_control_is_stopped_where_a_teachers_score_is_known()
    {
        var setup = Setup(Silent(), Options(Frozen));
        Assert.Equal(9, new Trainer(setup).Train(TestContext.Current.CancellationToken).Curve.Count);
        Assert.Equal(9, new Trainer(setup with { Reference = 0.4 }).Train(TestContext.Current.CancellationToken).Curve.Count);

        string message = Assert.Throws<TrainingStuckException>(() => new Trainer(setup with { Reference = 0.95 }).Train(TestContext.Current.CancellationToken)).Message;
        Assert.Contains("a teacher gets 95.0 % right", message, StringComparison.Ordinal);
        Assert.DoesNotContain("gradient norms", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stage_that_trains_features_alone_is_left_alone()
    {
        using var loss = new VidLoss(new());
        using var teacher = new FeatureTeacher(SmallRun.Classes, 5);
        var setup = Setup(SmallRun.Mlp(4), Options(Frozen)) with { Reference = 1, Objective = new(0, 0, teacher, [new("vid", loss) { StudentTaps = ["relu1"], TeacherTaps = [FeatureTeacher.Feature] }]) };

        Assert.Equal(9, new Trainer(setup).Train(TestContext.Current.CancellationToken).Curve.Count);
    }

    [Theory]
    [InlineData(true, 2.30, 2.29, 2.30, 2.31)]
    [InlineData(true, 2.30, 2.301, 2.302, 2.303)]
    [InlineData(false, 2.3026, 2.3025, 2.3024, 2.3023)]
    [InlineData(false, 2.30, 2.31, 2.28, 2.29)]
    public void A_loss_falls_by_a_little_each_epoch_or_by_more_in_all(bool stuck, params double[] losses)
    {
        var guard = new ChanceGuard(new() { WarmupEpochs = 0 }, ["hard"], new(0.1, 1000), null, () => 0.9);
        var curve = losses.Select((loss, i) => new EpochResult { EpochNumber = i + 1, Step = i, Loss = 5 - i, Terms = new Dictionary<string, double> { ["hard"] = loss, ["feature"] = 5 - i }, TrainAccuracy = 0.11, LearningRate = 0.1, TrainSeconds = 1, ImagesPerSecond = 1 }).ToList();

        Assert.Equal(stuck, guard.Complaint(curve) is not null);
        Assert.Null(guard.Complaint([.. curve[..3], curve[3] with { TrainAccuracy = 0.2 }]));
        Assert.Null(guard.Complaint(curve[..3]));
    }

    private static TrainingResult Train(ClassificationSetup setup, bool knows)
    {
        using var teacher = new StubTeacher(batch => Answers(batch.Labels.Span[..batch.Count], knows), SmallRun.Classes);
        using var loss = new KdLoss(new());
        return new Trainer(setup with { Objective = new(1, 0, teacher, [("kd", loss)]) }).Train(TestContext.Current.CancellationToken);
    }

    /// <summary>The classes, or the first class each time.</summary>
    private static Tensor Answers(ReadOnlySpan<long> labels, bool knows)
    {
        using var classes = tensor(knows ? labels.ToArray() : new long[labels.Length]);
        using var hot = nn.functional.one_hot(classes, SmallRun.Classes);
        using var floats = hot.to(ScalarType.Float32);
        return floats * 4;
    }

    private static TrainingOptions Options(double rate) => new() { Epochs = 9, WarmupEpochs = 0, Batch = 200, Schedule = new("constant"), Optimizer = new("sgd", new SgdOptions { LearningRate = rate, Momentum = 0, WeightDecay = 0 }) };

    private static ClassificationSetup Setup(ModelGraph graph, TrainingOptions options, string? folder = null, params WatchingObserver[] observers) =>
        SmallRun.Setup(graph, options, folder, observers) with { Data = SmallRun.Pictures(200), HeldOut = SmallRun.Pictures(120, seed: 1) };

    /// <summary>A network whose weights are all 0: it answers the first class.</summary>
    private static ModelGraph Silent()
    {
        var graph = SmallRun.Mlp(4);
        foreach (var weight in graph.Initializers.Where(weight => weight.Trainable))
        {
            weight.Data = TensorData.Create<float>(new float[weight.Data.Count], [.. weight.Data.Shape]);
        }

        return graph;
    }
}
