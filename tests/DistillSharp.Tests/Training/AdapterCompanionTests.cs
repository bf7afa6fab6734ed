using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Losses.Feature;
using DistillSharp.Native;
using DistillSharp.Plugins;
using DistillSharp.Training;
using TorchSharp;

namespace DistillSharp.Tests.Training;

/// <summary>Adapters are clipped by the norm of their own gradient, and averaged where the student's file ends in them.</summary>
public sealed class AdapterCompanionTests
{
    private static readonly TrainingOptions s_options = new()
    {
        WarmupEpochs = 0,
        ClipNorm = 0,
        Epochs = 1,
        Batch = 10,
        Schedule = new("constant"),
        Optimizer = new("sgd", new SgdOptions { LearningRate = 1, Momentum = 0, WeightDecay = 0 }),
    };

    [Fact]
    public void Its_gradient_is_clipped_by_its_own_norm_and_the_students_by_the_students()
    {
        var (adapter, student) = Moved(s_options);
        Assert.True(student > 2 * adapter, $"the student moves by {student}, the adapter by {adapter}");
        double bound = adapter / 3;

        var (clippedAdapter, clippedStudent) = Moved(s_options with { ClipNorm = bound });

        Assert.Equal(bound, clippedAdapter, bound * 1e-3);
        Assert.Equal(bound, clippedStudent, bound * 1e-3);
        Assert.Equal(adapter, Moved(s_options with { ClipNorm = 1.01 * adapter }).Adapter, adapter * 1e-5);
    }

    [Fact]
    public void One_that_the_students_file_ends_in_is_averaged_and_put_back_after()
    {
        using var loss = new SimKdLoss(new());
        loss.Prepare(new()
        {
            Shapes = new() { StudentFeatures = [[2, 4, 2, 2]], TeacherFeatures = [[2, 6, 2, 2]] },
            TeacherClassifier = (TensorData.Create<float>(new float[18], 3, 6), TensorData.Create<float>(new float[3], 3)),
        });
        using var companion = new AdapterCompanion("simkd", loss, s_options with { EmaDecay = 0.99 }, PluginCatalogs.BuiltIn);
        var executor = loss.Adapters[0].Executor;
        float[] start = Values();

        // The gradient is -1 everywhere and the rate 1: the weights move by 1. The first decay of the average is 1 / 10.
        executor.Gradients.fill_(Number.Of(-1.0));
        companion.Step(new(1, 0));
        float[] moved = Values();
        companion.SwapAverages();
        float[] averaged = Values();
        companion.SwapAverages();

        Assert.All(start.Zip(moved, averaged), value => Assert.Equal((1f, 0.9f), (value.Second - value.First, value.Third - value.First), (a, b) => Math.Abs(a.Item1 - b.Item1) < 1e-5 && Math.Abs(a.Item2 - b.Item2) < 1e-5));
        Assert.Equal(moved, Values());

        float[] Values() => executor.Weights.Values.data<float>().ToArray();
    }

    private static (double Adapter, double Student) Moved(TrainingOptions options)
    {
        using var loss = new VidLoss(new());
        using var features = new FeatureTeacher(SmallRun.Classes, 5);
        using var start = new VidLoss(new());
        start.Prepare(new() { Shapes = new() { StudentFeatures = [[10, 4]], TeacherFeatures = [[10, 5]] }, Seed = 42 });
        var setup = SmallRun.Setup(SmallRun.Mlp(4), options) with { HeldOut = null, Objective = new(1, 0, features, [new("vid", loss) { StudentTaps = ["relu1"], TeacherTaps = [FeatureTeacher.Feature] }]) };
        var trained = OnnxFile.Load(new Trainer(setup).Train(TestContext.Current.CancellationToken).Model);

        using var change = loss.Adapters[0].Executor.Weights.Values - start.Adapters[0].Executor.Weights.Values;
        using var norm = change.norm();
        return (norm.ToDouble(), Math.Sqrt(Numbers(SmallRun.Mlp(4)).Zip(Numbers(trained), (before, after) => (after - before) * (after - before)).Sum()));
    }

    private static double[] Numbers(ModelGraph graph) => [.. graph.Initializers.Where(weight => weight.Trainable).SelectMany(weight => weight.Data.AsSpan<float>().ToArray()).Select(value => (double)value)];
}
