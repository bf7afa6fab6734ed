using DistillSharp.Graph;
using DistillSharp.Losses;
using DistillSharp.Losses.Feature;
using TorchSharp;
using static DistillSharp.Tests.Losses.FeatureTrial;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class SrrlLossTests
{
    [Theory]
    [InlineData(SrrlConvention.Paper, 0.0)]
    [InlineData(SrrlConvention.Paper, 5.0)]
    [InlineData(SrrlConvention.Pooled, 2.0)]
    public void It_is_the_error_of_features_plus_that_of_logits(SrrlConvention convention, double weight)
    {
        using var scope = NewDisposeScope();
        bool maps = convention == SrrlConvention.Paper;
        var student = maps ? Normal(1, 4, 2, 3, 3) : Normal(1, 4, 2);
        var teacher = maps ? Normal(2, 4, 5, 2, 2) : Normal(2, 4, 5);
        var logits = Normal(3, 4, 3);
        var inputs = new LossInputs { StudentFeatures = [student], TeacherFeatures = [teacher], TeacherLogits = logits };
        using var loss = new SrrlLoss(new() { Convention = convention, LogitWeight = weight });
        loss.Prepare(new() { Shapes = LossShapes.Of(inputs), TeacherClassifier = Classifier(5), Precision = ElementType.Float64 });
        double value = loss.Compute(inputs).ToDouble();

        var x = maps ? nn.functional.conv2d(student, Weight(loss, "connector.conv.weight")) : nn.functional.linear(student, Weight(loss, "connector.linear.weight"));
        x = nn.functional.batch_norm(x, null!, null!, Weight(loss, "connector.bn.weight"), Weight(loss, "connector.bn.bias"), true).relu();
        x = maps ? x.mean([2, 3]) : x;
        var predicted = (x.sum(1, keepdim: true) * 0.5) + torch.tensor(new[] { 0.0, 1, 2 });
        var expected = (x - (maps ? teacher.mean([2, 3]) : teacher)).square().mean() + ((predicted - logits).square().mean() * weight);
        Assert.Equal(expected.ToDouble(), value, 1e-10);
    }

    [Fact]
    public void Large_and_dead_features_and_logits_stay_finite()
    {
        static LossInputs Give(Tensor student, LossInputs inputs) => inputs with { TeacherLogits = torch.tensor(new[] { 50f, -50, 50, -50, 50, -50 }, [2, 3]) };
        StaysFinite(() => new SrrlLoss(new()), setup => setup with { TeacherClassifier = Classifier(6) }, Give, [2, 4, 3, 3], [2, 6, 3, 3]);
        StaysFinite(() => new SrrlLoss(new() { Convention = SrrlConvention.Pooled }), setup => setup with { TeacherClassifier = Classifier(6) }, Give, [2, 4], [2, 6]);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using var map = Normal(1, 3, 2, 2, 2);
        using var one = Normal(1, 1, 2);
        using var logits = Normal(2, 3, 4);
        var inputs = new LossInputs { StudentFeatures = [map], TeacherFeatures = [map], TeacherLogits = logits };
        Assert.Contains("last layer", Assert.Throws<ArgumentException>(() => new SrrlLoss(new()).Compute(inputs)).Message, StringComparison.Ordinal);
        Assert.Contains("[3, 4]", Assert.Throws<ArgumentException>(() => new SrrlLoss(new()).Prepare(new() { Shapes = LossShapes.Of(inputs), TeacherClassifier = Classifier(2) })).Message, StringComparison.Ordinal);
        Assert.Contains("[N, D]", Assert.Throws<ArgumentException>(() => new SrrlLoss(new() { Convention = SrrlConvention.Pooled }).Compute(inputs)).Message, StringComparison.Ordinal);
        Assert.Contains("2 samples", Assert.Throws<ArgumentException>(() => new SrrlLoss(new() { Convention = SrrlConvention.Pooled }).Compute(new LossInputs { StudentFeatures = [one], TeacherFeatures = [one], TeacherLogits = logits })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SrrlLossOptions { LogitWeight = -1 });
    }

    private static (TensorData Weight, TensorData Bias) Classifier(long features) =>
        (TensorData.Create<float>([.. Enumerable.Repeat(0.5f, 3 * (int)features)], 3, features), TensorData.Create<float>([0, 1, 2], 3));
}
