using DistillSharp.Losses;
using DistillSharp.Losses.Detection;
using TorchSharp;
using static DistillSharp.Tests.Losses.LossProbe;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class ScoreWeightedLossTests
{
    [Fact]
    public void Only_cells_with_an_object_count_and_heads_are_averaged()
    {
        using var scope = NewDisposeScope();
        using var loss = new ScoreWeightedLoss(new());
        var (student, teacher) = (Draw(1, 1, 3, 2, 2), Draw(2, 1, 5, 2, 2));

        // The heads' mean is 40 for one class of the third cell and -60 elsewhere.
        var first = full([1, 2, 4], -40.0, ScalarType.Float64);
        first[0, 1, 2] = 60;
        double value = Value(loss, Pair(student, teacher) with { TeacherScores = [first, first - 20 - 20] });

        var projected = loss.Adapters[0].Run(new Dictionary<string, Tensor> { ["student.0"] = student }, 0)["0.2"];
        double expected = (projected - teacher).flatten(2).select(2, 2).square().mean().ToDouble();
        Assert.Equal(expected, value, expected * 1e-9);
    }

    [Fact]
    public void Levels_take_their_cells_in_order()
    {
        using var scope = NewDisposeScope();
        using var loss = new ScoreWeightedLoss(new());
        var scores = full([1, 2, 5], -60.0, ScalarType.Float64);
        scores[0, 0, 4] = 30;
        Tensor[] students = [Draw(1, 1, 3, 2, 2), Draw(2, 1, 4, 1, 1)], teachers = [Draw(3, 1, 3, 2, 2), Draw(4, 1, 4, 1, 1)];

        double value = Value(loss, new LossInputs { StudentFeatures = students, TeacherFeatures = teachers, TeacherScores = [scores] });

        var projected = loss.Adapters[0].Run(new Dictionary<string, Tensor> { ["student.0"] = students[0], ["student.1"] = students[1] }, 0)["1.2"];
        Assert.Equal((projected - teachers[1]).square().mean().ToDouble(), value, 1e-8);
    }

    [Fact]
    public void A_teacher_that_sees_nothing_and_one_that_is_sure_stay_finite()
    {
        using var scope = NewDisposeScope();
        foreach (float score in new[] { -1000f, 1000f })
        {
            var student = (Draw(1, 2, 3, 2, 2).to(ScalarType.Float32) * 100).detach().requires_grad_();
            Finite(new ScoreWeightedLoss(new()), Pair(student, zeros(2, 3, 2, 2)) with { TeacherScores = [full([2, 2, 4], score, ScalarType.Float32)] }, student);
        }
    }

    [Fact]
    public void Scores_of_other_levels_are_refused()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => new ScoreWeightedLoss(new()).Compute(Pair(zeros(1, 3, 2, 2), zeros(1, 3, 2, 2)) with { TeacherScores = [zeros(1, 2, 5)] }));
        Assert.Contains("class logits [1, 2, 5] for levels [1, 3, 2, 2]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[N, classes, 4]", error.Message, StringComparison.Ordinal);
    }
}
