using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using static DistillSharp.Tests.Losses.LogitLossCheck;

namespace DistillSharp.Tests.Losses;

public sealed class MlkdLossTests
{
    // One sample of two classes: the teacher (3/4, 1/4), the student (1/2, 1/2). Of the weak view only the second class counts, the teacher being less sure of it.
    private static readonly double s_instance = (0.75 * Math.Log(1.5)) + (0.25 * Math.Log(0.5));
    private static readonly double s_batch = Math.Pow(0.625 - 0.5, 2);
    private static readonly double s_bothClasses = (Math.Pow(0.3125, 2) + (2 * Math.Pow(0.0625, 2)) + Math.Pow(0.1875, 2)) / 2;
    private static readonly double s_secondClass = (Math.Pow(0.0625, 2) + Math.Pow(0.1875, 2)) / 2;

    [Fact]
    public void The_papers_way_worked_by_hand()
    {
        var loss = new MlkdLoss(new() { Hard = 0, Soft = 3, Temperatures = [1] });

        Assert.Equal(3 * ((2 * s_instance) + (2 * s_batch) + s_bothClasses + s_secondClass), Value(loss, Logits(2, 0.5, 0.5), Logits(2, 0.75, 0.25)), 1e-14);
    }

    [Fact]
    public void The_released_way_worked_by_hand()
    {
        var loss = new MlkdLoss(new() { Hard = 0, Temperatures = [1], Convention = MlkdConvention.Released });

        Assert.Equal((2 * s_instance) + s_batch + (0.5 * s_bothClasses), Value(loss, Logits(2, 0.5, 0.5), Logits(2, 0.75, 0.25)), 1e-14);
    }

    [Fact]
    public void Temperatures_add_up_and_instances_are_scaled_by_their_square()
    {
        using var student = Random(1, 4, 3);
        using var teacher = Random(2, 4, 3);
        double Of(params double[] temperatures) => Value(new MlkdLoss(new() { Hard = 0, Temperatures = temperatures }), student, teacher);

        Assert.Equal(Of(2) + Of(5), Of(2, 5), 1e-12);

        // At a high temperature probabilities are all alike: the mean squared difference of centred logits is left, on half the weak view and all of the strong.
        using var difference = (student - student.mean([1], keepdim: true)) - (teacher - teacher.mean([1], keepdim: true));
        double[] rows = Numbers(difference.square().sum(1) / 6.0);
        double[] unsure = [.. rows.Zip(Numbers(teacher.softmax(1).amax([1]))).OrderBy(pair => pair.Second).Take(2).Select(pair => pair.First)];
        Assert.Equal((rows.Sum() + unsure.Sum()) / 4, Of(1e4), 1e-3);
    }

    [Fact]
    public void Hard_labels_are_those_of_both_views()
    {
        var inputs = new LossInputs
        {
            StudentLogits = Logits(2, 0.75, 0.25),
            TeacherLogits = Logits(2, 0.75, 0.25),
            StudentStrongLogits = Logits(2, 0.5, 0.5),
            TeacherStrongLogits = Logits(2, 0.5, 0.5),
            Labels = Labels(0),
        };

        Assert.Equal(-0.5 * (Math.Log(0.75) + Math.Log(0.5)), Value(new MlkdLoss(new() { Hard = 0.5 }), inputs), 1e-14);
        Assert.False(new MlkdLoss(new() { Hard = 0 }).Needs.Uses(LossInput.Labels));
    }

    [Fact]
    public void The_strong_view_is_read_where_there_is_one()
    {
        var weak = new LossInputs { StudentLogits = Logits(2, 0.5, 0.5), TeacherLogits = Logits(2, 0.75, 0.25) };
        var agreed = weak with { StudentStrongLogits = Logits(2, 0.3, 0.7), TeacherStrongLogits = Logits(2, 0.3, 0.7) };
        var options = new MlkdLossOptions { Hard = 0, Temperatures = [1] };

        Assert.Equal(s_instance + s_batch + s_secondClass, Value(new MlkdLoss(options), agreed), 1e-14);
        Assert.Equal(Value(new MlkdLoss(options), weak), Value(new MlkdLoss(options), weak with { StudentStrongLogits = weak.StudentLogits, TeacherStrongLogits = weak.TeacherLogits }), 1e-14);
    }

    [Theory]
    [InlineData(false, MlkdConvention.Paper)]
    [InlineData(true, MlkdConvention.Paper)]
    [InlineData(false, MlkdConvention.Released)]
    public void Large_logits_hold_in_float32(bool standardize, MlkdConvention convention) =>
        HoldsInFloat32(() => new MlkdLoss(new() { Standardize = standardize, Convention = convention, Temperatures = [1, 3, 5, 20] }));

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Contains("above 0", Assert.Throws<ArgumentOutOfRangeException>(() => new MlkdLossOptions { Temperatures = [] }).Message, StringComparison.Ordinal);
        Assert.Equal("4, 0", Assert.Throws<ArgumentOutOfRangeException>(() => new MlkdLossOptions { Temperatures = [4, 0] }).ActualValue);
        Assert.Equal(-1.0, Assert.Throws<ArgumentOutOfRangeException>(() => new MlkdLossOptions { Hard = -1 }).ActualValue);
        Assert.Equal(-1.0, Assert.Throws<ArgumentOutOfRangeException>(() => new MlkdLossOptions { Soft = -1 }).ActualValue);
        Assert.Contains("[2, 3, 4]", Assert.Throws<ArgumentException>(() => Value(new MlkdLoss(new() { Hard = 0 }), Random(1, 2, 3, 4), Random(2, 2, 3, 4))).Message, StringComparison.Ordinal);
    }
}
