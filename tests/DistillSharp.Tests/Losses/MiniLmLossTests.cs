using DistillSharp.Losses;
using DistillSharp.Losses.Text;
using TorchSharp;
using static DistillSharp.Tests.Losses.LossProbe;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class MiniLmLossTests
{
    [Fact]
    public void Two_tokens_worked_by_hand()
    {
        using var scope = NewDisposeScope();

        // The student's queries are 0, so that it attends alike; the teacher's first token is 1, its keys (ln 3, 0): (3/4, 1/4), and alike for the second.
        var zero = zeros([1, 2, 1], ScalarType.Float64);
        var inputs = Layer([zero, zero, zero], [Of([1, 2, 1], 1, 0), Of([1, 2, 1], Math.Log(3), 0), zero]);
        double expected = ((0.75 * Math.Log(1.5)) + (0.25 * Math.Log(0.5))) / 2;

        Assert.Equal(expected, Value(Loss(1, ["query-key"]), inputs), 1e-14);
        Assert.Equal(2.5 * expected, Value(new MiniLmLoss(new() { RelationHeads = 1, Relations = ["q-k", "3-3"], RelationWeights = [2.5, 7] }), inputs), 1e-14);
    }

    [Fact]
    public void Heads_are_scaled_by_their_own_size()
    {
        using var scope = NewDisposeScope();

        // Four features repeated four times: products are four times as large, their root's quotient twice; halving one side's root makes them equal again.
        var small = Draw(3, 2, 3, 4);
        var large = cat([small, small, small, small], 2) / Math.Sqrt(2);
        Assert.Equal(0, Value(Loss(1, ["value-value"]), Layer([small, small, small], [large, large, large])), 1e-14);
        Assert.True(Value(Loss(2, ["value-value"]), Layer([small, small, small], [large, large, large])) > 1e-3);
    }

    [Fact]
    public void Tokens_that_do_not_count_change_nothing()
    {
        using var scope = NewDisposeScope();
        Tensor[] student = [Draw(1, 1, 4, 4), Draw(2, 1, 4, 4), Draw(3, 1, 4, 4)], teacher = [Draw(4, 1, 4, 6), Draw(5, 1, 4, 6), Draw(6, 1, 4, 6)];
        var whole = Layer(student, teacher) with { Mask = Mask([1, 4], 1, 1, 1, 0) };
        var cut = Layer([.. student.Select(part => part.narrow(1, 0, 3))], [.. teacher.Select(part => part.narrow(1, 0, 3))]);

        double expected = Value(Loss(2, ["1-2", "3-3"]), cut);
        Assert.Equal(expected, Value(Loss(2, ["1-2", "3-3"]), whole), expected * 1e-12);
        Assert.Equal(0, Value(Loss(2, ["1-2"]), whole with { Mask = Mask([1, 4], 0, 0, 0, 0) }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Large_states_stay_finite(long last)
    {
        using var scope = NewDisposeScope();
        var student = (Draw(1, 2, 3, 4).to(ScalarType.Float32) * 50).detach().requires_grad_();
        var teacher = Draw(2, 2, 3, 8).to(ScalarType.Float32) * 50;
        Finite(Loss(2, ["1-1", "2-2", "3-3"]), Layer([student, student, student], [teacher, teacher, teacher]) with { Mask = Mask([2, 3], 1, 1, last, 0, 0, 0) }, student);
    }

    [Fact]
    public void Heads_that_do_not_divide_widths_and_unknown_relations_are_refused()
    {
        using var scope = NewDisposeScope();
        var zero = zeros(1, 2, 6);
        Assert.Contains("in 4 heads", Assert.Throws<ArgumentException>(() => Value(Loss(4, ["1-1"]), Layer([zero, zero, zero], [zero, zero, zero]))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss(1, ["query-output"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss(1, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MiniLmLossOptions { RelationWeights = [1, -1] });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MiniLmLossOptions { RelationHeads = 0 });
        Assert.Contains("3 relations and 2 weights", Assert.Throws<ArgumentException>(() => new MiniLmLoss(new() { RelationWeights = [1, 1] })).Message, StringComparison.Ordinal);
    }

    private static MiniLmLoss Loss(int heads, IReadOnlyList<string> relations) => new(new() { RelationHeads = heads, Relations = relations });

    private static LossInputs Layer(IReadOnlyList<Tensor> student, IReadOnlyList<Tensor> teacher) => new() { StudentFeatures = student, TeacherFeatures = teacher };
}
