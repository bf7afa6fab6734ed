using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Losses;
using DistillSharp.Losses.Feature;
using TorchSharp;
using static DistillSharp.Tests.Losses.FeatureTrial;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class SimKdLossTests
{
    [Theory]
    [InlineData(4, 4)]
    [InlineData(4, 2)]
    [InlineData(2, 4)]
    public void It_is_the_squared_error_of_the_projected_map(long studentSize, long teacherSize)
    {
        using var scope = NewDisposeScope();
        var student = Normal(1, 3, 2, studentSize, studentSize);
        var teacher = Normal(2, 3, 6, teacherSize, teacherSize);
        using var loss = Prepared(student.shape, teacher.shape);
        double value = Loss(loss, student, teacher);

        var x = studentSize > teacherSize ? nn.functional.avg_pool2d(student, 2) : student;
        var t = studentSize < teacherSize ? nn.functional.avg_pool2d(teacher, 2) : teacher;
        x = Layer(loss, x, 0, 0);
        x = Layer(loss, x, 3, 1);
        x = Layer(loss, x, 6, 0);
        Assert.Equal([3, 2, x.shape[2], x.shape[2]], Layer(loss, student, 0, 0).shape[..2].Concat(x.shape[2..]));
        Assert.Equal((x - t).square().mean().ToDouble(), value, 1e-10);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void The_predictor_is_the_projector_pooling_and_the_teachers_layer(long size)
    {
        using var scope = NewDisposeScope();
        var student = Normal(1, 3, 2, size, size);
        var teacher = Normal(2, 3, 6, 2, 2);
        using var loss = Prepared(student.shape, teacher.shape);
        Weight(loss, "transfer.7.bias").fill_(0.5);

        using var executor = new GraphExecutor(loss.WritePredictor(), new() { Precision = ElementType.Float64 });
        var x = size > 2 ? nn.functional.adaptive_avg_pool2d(student, (2, 2)) : student;
        x = Layer(loss, Layer(loss, Layer(loss, x, 0, 0), 3, 1), 6, 0).mean([2, 3]);

        // The teacher's layer of the trial: logit c is the sum of features plus c.
        var expected = x.sum(1, keepdim: true) + torch.tensor(new[] { 0.0, 1, 2 });
        double[] found = Numbers(executor.Train(student, 0)["logits"]);
        Assert.All(Numbers(expected).Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void Large_and_dead_maps_stay_finite() =>
        StaysFinite(() => new SimKdLoss(new()), setup => setup with { TeacherClassifier = Classifier(6) }, null, [2, 4, 3, 3], [2, 6, 3, 3]);

    [Fact]
    public void A_classifier_that_is_missing_or_does_not_fit_is_refused()
    {
        using var student = Normal(1, 3, 2, 2, 2);
        using var teacher = Normal(2, 3, 6, 2, 2);
        Assert.Contains("last layer", Assert.Throws<ArgumentException>(() => Loss(new SimKdLoss(new()), student, teacher)).Message, StringComparison.Ordinal);
        var shapes = new LossShapes { StudentFeatures = [student.shape], TeacherFeatures = [teacher.shape] };
        Assert.Contains("[3, 5]", Assert.Throws<ArgumentException>(() => new SimKdLoss(new()).Prepare(new() { Shapes = shapes, TeacherClassifier = Classifier(5) })).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => new SimKdLoss(new()).WritePredictor());
        Assert.Throws<ArgumentOutOfRangeException>(() => new SimKdLossOptions { Factor = 0 });
    }

    private static SimKdLoss Prepared(long[] student, long[] teacher)
    {
        var loss = new SimKdLoss(new() { Factor = 3 });
        loss.Prepare(new() { Shapes = new() { StudentFeatures = [student], TeacherFeatures = [teacher] }, TeacherClassifier = Classifier(teacher[1]), Precision = ElementType.Float64 });
        return loss;
    }

    private static (TensorData Weight, TensorData Bias) Classifier(long features) =>
        (TensorData.Create<float>([.. Enumerable.Repeat(1f, 3 * (int)features)], 3, features), TensorData.Create<float>([0, 1, 2], 3));

    private static Tensor Layer(SimKdLoss loss, Tensor x, int place, int padding)
    {
        var convolved = nn.functional.conv2d(x, Weight(loss, $"transfer.{place}.weight"), null, [1, 1], [padding, padding]);
        return nn.functional.batch_norm(convolved, null!, null!, Weight(loss, $"transfer.{place + 1}.weight"), Weight(loss, $"transfer.{place + 1}.bias"), true).relu();
    }
}
