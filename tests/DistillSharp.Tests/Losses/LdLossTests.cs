using DistillSharp.Losses;
using DistillSharp.Losses.Detection;
using TorchSharp;
using static DistillSharp.Tests.Losses.LossProbe;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class LdLossTests
{
    // Of the teacher's (2 ln 3, 0) at T = 2, (3/4, 1/4), and the student's (1/2, 1/2).
    private static readonly double s_divergence = (0.75 * Math.Log(1.5)) + (0.25 * Math.Log(0.5));

    [Fact]
    public void The_mean_over_bins_times_the_squared_temperature_is_averaged_over_rows()
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = (Of([2, 2], 1, 1, 5, 7), Of([2, 2], 2 * Math.Log(3), 0, 5, 7));

        Assert.Equal(4 * s_divergence / 2 / 2, Value(new LdLoss(new() { Temperature = 2 }), new LossInputs { StudentLogits = student, TeacherLogits = teacher }), 1e-14);
    }

    [Fact]
    public void Rows_are_weighted_and_divided_by_the_average_factor()
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = (Of([2, 2], 1, 1, 1, 1), Of([2, 2], 2 * Math.Log(3), 0, 2 * Math.Log(3), 0));
        var inputs = new LossInputs { StudentLogits = student, TeacherLogits = teacher, RowWeights = Of([2], 0.5, 0.25) };

        Assert.Equal(4 * s_divergence / 2 * 0.75 / 16, Value(new LdLoss(new() { Temperature = 2, AverageFactor = 16 }), inputs), 1e-14);
        Assert.Equal(4 * s_divergence / 2 * 0.75 / 2, Value(new LdLoss(new() { Temperature = 2 }), inputs), 1e-14);
        Assert.Equal(10, new LdLoss(new()).Temperature);
    }

    [Fact]
    public void No_row_costs_nothing()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0, Value(new LdLoss(new()), new LossInputs { StudentLogits = zeros(0, 17), TeacherLogits = zeros(0, 17) }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void Large_logits_stay_finite(double temperature)
    {
        using var scope = NewDisposeScope();
        var student = torch.tensor(new[] { 50f, -50, -50, -50, 50, -50 }, [2, 3], requires_grad: true);
        Finite(new LdLoss(new() { Temperature = temperature }), new() { StudentLogits = student, TeacherLogits = torch.tensor(new[] { -50f, 50, -50, -50, 50, -50 }, [2, 3]) }, student);
    }

    [Fact]
    public void Weights_of_another_number_and_a_factor_of_nothing_are_refused()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => new LdLoss(new()).Compute(new LossInputs { StudentLogits = zeros(2, 17), TeacherLogits = zeros(2, 17), RowWeights = ones(3) }));
        Assert.Contains("weights [3] for logits [2, 17]", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LdLossOptions { AverageFactor = 0 });
    }
}
