using DistillSharp.Graph;
using DistillSharp.Losses.Feature;
using TorchSharp;
using static DistillSharp.Tests.Losses.FeatureTrial;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class FtLossTests
{
    [Fact]
    public void Factors_that_are_given_worked_by_hand()
    {
        // Of norm 1, the factors are (0.6, 0.8) and (1, 0).
        using var student = Of([3, 4], 1, 2, 1, 1);
        using var teacher = Of([2, 0], 1, 2, 1, 1);
        var options = new FtLossOptions { Translator = false };

        Assert.Equal(0.6, Loss(new FtLoss(options), student, teacher), 1e-14);
        Assert.Equal(Math.Sqrt(0.8), Loss(new FtLoss(options with { P = 2 }), student, teacher), 1e-14);
    }

    [Fact]
    public void Vectors_that_are_factors_worked_by_hand()
    {
        using var student = Of([3, 4], 1, 2);
        using var teacher = Of([2, 0], 1, 2);
        var options = new FtLossOptions { Translator = false };

        Assert.Equal(0.6, Loss(new FtLoss(options), student, teacher), 1e-14);
        Assert.Contains("single place", Assert.Throws<ArgumentException>(() => Loss(new FtLoss(options with { Convention = FtConvention.ChannelMean }), student, teacher)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Vectors_are_translated_and_paraphrased_by_matrices()
    {
        using var scope = NewDisposeScope();
        var student = Normal(1, 4, 3);
        var teacher = Normal(2, 4, 6);
        using var loss = Prepared(student, teacher, ElementType.Float64);
        double before = loss.TrainParaphraser([teacher]);
        double after = before;
        for (int i = 0; i < 500; i++)
        {
            after = loss.TrainParaphraser([teacher]);
        }

        Assert.True(after < 0.8 * before, $"the error went from {before} to {after}");
        loss.FreezeParaphraser();
        double value = Loss(loss, student, teacher);

        var x = student;
        foreach (int place in new[] { 0, 3, 6 })
        {
            var matrix = Weight(loss, $"0.encoder.{place}.weight");
            x = x.matmul(matrix.reshape(matrix.shape[0], matrix.shape[1]).t()) + Weight(loss, $"0.encoder.{place}.bias");
            x = nn.functional.leaky_relu(nn.functional.batch_norm(x, null!, null!, Weight(loss, $"0.encoder.{place + 1}.weight"), Weight(loss, $"0.encoder.{place + 1}.bias"), true), 0.1);
        }

        Assert.Equal(Loss(new FtLoss(new() { Translator = false }), x, loss.Paraphrasers[0].Encode(teacher).flatten(1)), value, 1e-10);
    }

    [Fact]
    public void The_channel_mean_needs_no_equal_widths()
    {
        // Means of squares over channels (5, 10) and (4, 0): of norm 1, (1, 2) / sqrt 5 and (1, 0).
        using var student = Of([1, 2, 3, 4], 1, 2, 1, 2);
        using var teacher = Of([2, 0], 1, 1, 1, 2);
        double a = 1 / Math.Sqrt(5), b = 2 / Math.Sqrt(5);
        var options = new FtLossOptions { Translator = false, Convention = FtConvention.ChannelMean };

        Assert.Equal((1 - a + b) / 2, Loss(new FtLoss(options), student, teacher), 1e-14);
        Assert.Equal((((1 - a) * (1 - a)) + (b * b)) / 2, Loss(new FtLoss(options with { P = 2 }), student, teacher), 1e-14);
        Assert.Contains("equally wide", Assert.Throws<ArgumentException>(() => Loss(new FtLoss(options with { Convention = FtConvention.Flat }), student, teacher)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_paraphraser_learns_to_restore_the_teachers_map_and_then_stays()
    {
        using var scope = NewDisposeScope();
        var student = Normal(1, 4, 3, 4, 4).to(ScalarType.Float32).requires_grad_();
        var teacher = Normal(2, 4, 6, 4, 4).to(ScalarType.Float32);
        using var loss = Prepared(student, teacher);
        var paraphraser = loss.Paraphrasers[0];
        Assert.Equal((6, 3), (paraphraser.Channels, paraphraser.Factors));
        double before = loss.TrainParaphraser([teacher]);
        double after = before;
        for (int i = 0; i < 200; i++)
        {
            after = loss.TrainParaphraser([teacher]);
        }

        Assert.True(after < 0.6 * before, $"the error went from {before} to {after}");

        loss.FreezeParaphraser();
        double[] frozen = Numbers(loss.State["paraphraser.0"]);
        Assert.Throws<InvalidOperationException>(() => loss.TrainParaphraser([teacher]));
        using var value = loss.Compute(new() { StudentFeatures = [student], TeacherFeatures = [teacher] });
        value.backward();

        Assert.NotNull(student.grad);
        Assert.Contains(Numbers(loss.Adapters[0].Executor.Gradients), number => number != 0);
        Assert.Single(loss.Adapters);
        Assert.Equal(frozen, Numbers(paraphraser.Encoder.Executor.Weights.Values));
        Assert.False(paraphraser.Encode(teacher).requires_grad);

        // Preparing anew, as a run does, keeps what was trained.
        loss.Prepare(new() { Shapes = DistillSharp.Losses.LossShapes.Of(new() { StudentFeatures = [student], TeacherFeatures = [teacher] }) });
        Assert.Same(paraphraser, loss.Paraphrasers[0]);
    }

    [Fact]
    public void The_loss_is_the_distance_of_the_translators_and_the_paraphrasers_factors()
    {
        using var scope = NewDisposeScope();
        var student = Normal(1, 4, 3, 4, 4);
        var teacher = Normal(2, 4, 6, 4, 4);
        using var loss = Prepared(student, teacher, ElementType.Float64);
        double value = Loss(loss, student, teacher);

        var x = student;
        foreach (int place in new[] { 0, 3, 6 })
        {
            x = nn.functional.conv2d(x, Weight(loss, $"0.encoder.{place}.weight"), Weight(loss, $"0.encoder.{place}.bias"), [1, 1], [1, 1]);
            x = nn.functional.leaky_relu(nn.functional.batch_norm(x, null!, null!, Weight(loss, $"0.encoder.{place + 1}.weight"), Weight(loss, $"0.encoder.{place + 1}.bias"), true), 0.1);
        }

        Assert.Equal(Loss(new FtLoss(new() { Translator = false }), x, loss.Paraphrasers[0].Encode(teacher)), value, 1e-10);
    }

    [Theory]
    [InlineData(FtConvention.Flat, 1)]
    [InlineData(FtConvention.Flat, 2)]
    [InlineData(FtConvention.ChannelMean, 2)]
    public void Dead_and_large_maps_stay_finite(FtConvention convention, int p)
    {
        StaysFinite(() => new FtLoss(new() { Convention = convention, P = p }), null, null, [1, 4, 3, 3], [1, 6, 3, 3]);
        StaysFinite(() => new FtLoss(new() { Convention = convention, P = p, Translator = false }), null, null, [1, 4, 3, 3], [1, 4, 3, 3]);
    }

    [Fact]
    public void Bad_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FtLossOptions { Share = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FtLossOptions { P = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FtLossOptions { Power = 9 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FtLossOptions { ParaphraserLearningRate = 0 });
    }

    private static FtLoss Prepared(Tensor student, Tensor teacher, ElementType precision = ElementType.Float32)
    {
        var loss = new FtLoss(new());
        loss.Prepare(new() { Shapes = new() { StudentFeatures = [student.shape], TeacherFeatures = [teacher.shape] }, Precision = precision });
        return loss;
    }
}
