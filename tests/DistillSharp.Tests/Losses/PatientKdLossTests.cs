using DistillSharp.Losses.Text;
using TorchSharp;
using static DistillSharp.Tests.Losses.LossProbe;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class PatientKdLossTests
{
    [Fact]
    public void Only_the_first_token_counts_and_not_its_length()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0.08, Value(new PatientKdLoss(new()), Of([1, 2, 2], 3, 4, 7, 7), Of([1, 2, 2], 40, 30, -1, 5)), 1e-14);
        Assert.Equal(0.08, Value(new PatientKdLoss(new()), Of([1, 2], 3, 4), Of([1, 2], 40, 30)), 1e-14);
    }

    [Fact]
    public void The_projection_is_of_the_first_token_and_layers_are_added()
    {
        using var scope = NewDisposeScope();
        using var loss = new PatientKdLoss(new());
        var (student, teacher) = (Draw(1, 2, 3, 4), Draw(2, 2, 3, 6));
        double value = Value(loss, new() { StudentFeatures = [student, student], TeacherFeatures = [teacher, student] });

        var projected = loss.Adapters[0].Run(new Dictionary<string, Tensor> { ["student.0"] = student.select(1, 0) }, 0)["0.proj"];
        Assert.Equal(Value(new PatientKdLoss(new()), projected.detach(), teacher.select(1, 0)), value, 1e-12);
    }

    [Fact]
    public void A_token_of_zeros_stays_finite()
    {
        using var scope = NewDisposeScope();
        var student = zeros(2, 3, requires_grad: true);
        Finite(new PatientKdLoss(new()), Pair(student, ones(2, 3)), student);
    }
}
