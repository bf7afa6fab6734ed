using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class DistillationLossTests
{
    [Fact]
    public void The_formula_is_given_a_teacher_without_gradient()
    {
        using var student = ones(2, 3, requires_grad: true);
        using var teacher = ones(2, 3, requires_grad: true);
        var loss = new RecordingLoss(new KdLossOptions());

        loss.Compute(student, teacher).Dispose();

        Assert.True(loss.StudentHadGradient);
        Assert.False(loss.TeacherHadGradient);
    }

    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 2, 4 }, "[2, 3]", "[2, 4]")]
    [InlineData(new long[] { 2, 3 }, new long[] { 1, 3 }, "[2, 3]", "[1, 3]")]
    [InlineData(new long[] { 2, 3, 1 }, new long[] { 2, 3 }, "[2, 3, 1]", "[2, 3]")]
    [InlineData(new long[] { 3 }, new long[] { 3 }, "[3]", "[3]")]
    public void Shapes_that_cannot_be_compared_are_both_named_with_what_to_do(long[] student, long[] teacher, string first, string second)
    {
        var error = Assert.Throws<ArgumentException>(() => new RecordingLoss(new KdLossOptions()).Compute(torch.zeros(student), torch.zeros(teacher)));

        Assert.Contains($"RecordingLoss compares logits of one shape [N, C], but the student gave {first} and the teacher {second}", error.Message, StringComparison.Ordinal);
        Assert.Contains("the same classes", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_weight_that_makes_no_sense_is_refused(double weight)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new KdLossOptions { Weight = weight });
        Assert.Contains("0 or more", error.Message, StringComparison.Ordinal);
    }

    private sealed class RecordingLoss(DistillationLossOptions options) : LogitLoss(options)
    {
        public bool StudentHadGradient { get; private set; }

        public bool TeacherHadGradient { get; private set; }

        protected override Tensor Formula(Tensor student, Tensor teacher)
        {
            (StudentHadGradient, TeacherHadGradient) = (student.requires_grad, teacher.requires_grad);
            return (student - teacher).square().mean();
        }
    }
}
