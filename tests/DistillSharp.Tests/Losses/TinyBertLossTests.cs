using DistillSharp.Losses;
using DistillSharp.Losses.Text;
using TorchSharp;
using static DistillSharp.Tests.Losses.LossProbe;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class TinyBertLossTests
{
    [Fact]
    public void A_layer_learns_from_the_last_of_its_share_and_masked_scores_teach_nothing()
    {
        using var scope = NewDisposeScope();
        using var loss = new TinyBertLoss(new() { HiddenWeight = 0 });
        var student = Of([1, 1, 2, 2], 1, -200, 2, -200);
        var states = zeros([1, 2, 3], ScalarType.Float64);

        // The second of two layers is compared: (1 - 4)², 0, (2 - 1)² and 0.
        LossInputs Inputs(double ignored) => new()
        {
            StudentFeatures = [student, states, states],
            TeacherFeatures = [full_like(student, ignored), Of([1, 1, 2, 2], 4, -1e4, 1, -1e4), states, states, states],
        };
        Assert.Equal(2.5, Value(loss, Inputs(0)), 1e-14);
        Assert.Equal(2.5, Value(loss, Inputs(9)), 1e-14);
    }

    [Fact]
    public void One_projection_serves_the_embedding_and_every_layer_even_of_equal_widths()
    {
        using var scope = NewDisposeScope();
        using var loss = new TinyBertLoss(new() { AttentionWeight = 0 });
        var attention = zeros([1, 1, 2, 2], ScalarType.Float64);
        Tensor[] student = [Draw(1, 1, 2, 3), Draw(2, 1, 2, 3)], teacher = [Draw(3, 1, 2, 3), Draw(4, 1, 2, 3), Draw(5, 1, 2, 3)];

        double value = Value(loss, new() { StudentFeatures = [attention, .. student], TeacherFeatures = [attention, attention, .. teacher] });

        var executor = loss.Adapters[0].Executor;
        Assert.Equal(["fit_dense.bias", "fit_dense.weight"], executor.Weights.Parameters.Select(parameter => parameter.Name).Order(StringComparer.Ordinal));
        var place = executor.Weights.Find("fit_dense.weight")!;
        var weight = executor.Weights.Values.narrow(0, place.Offset, place.Count).reshape(3, 3).transpose(0, 1);
        double expected = (student[0].matmul(weight) - teacher[0]).square().mean().ToDouble() + (student[1].matmul(weight) - teacher[2]).square().mean().ToDouble();
        Assert.Equal(expected, value, 1e-12);
    }

    [Fact]
    public void Scores_of_minus_infinity_stay_finite()
    {
        using var scope = NewDisposeScope();
        var attention = torch.tensor(new[] { 50f, float.NegativeInfinity, -50f, float.MinValue }, [1, 1, 2, 2], requires_grad: true);
        var states = full([1, 2, 3], 1e4f, ScalarType.Float32).requires_grad_();
        Finite(new TinyBertLoss(new()), new() { StudentFeatures = [attention, states, states], TeacherFeatures = [attention, zeros(1, 2, 5), zeros(1, 2, 5)] }, attention, states);
    }

    [Fact]
    public void Layers_that_cannot_be_shared_out_are_refused()
    {
        using var scope = NewDisposeScope();
        var (a, h) = (zeros(1, 1, 2, 2), zeros(1, 2, 3));
        Assert.Contains("a multiple of the student's", Refused([a, a, h, h, h], [a, a, a, h, h, h, h]), StringComparison.Ordinal);
        Assert.Contains("hidden states [N, L, D] of the embedding", Refused([a, h], [a, h, h]), StringComparison.Ordinal);
        Assert.Contains("the same heads", Refused([a, h, h], [zeros(1, 2, 2, 2), h, h]), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TinyBertLossOptions { HiddenWeight = -1 });
    }

    private static string Refused(Tensor[] student, Tensor[] teacher) =>
        Assert.Throws<ArgumentException>(() => new TinyBertLoss(new()).Compute(new LossInputs { StudentFeatures = student, TeacherFeatures = teacher })).Message;
}
