using DistillSharp.Execution;
using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Training;

public sealed class ObjectiveCheckTests
{
    [Fact]
    public void Each_terms_gradient_norm_is_reported_and_nothing_changes()
    {
        using var executor = Executor();
        var before = Snapshot(executor);
        using var teacher = new StubTeacher(() => randn([6, 3]), 3);

        var norms = ObjectiveCheck.Verify(executor, new(1, 0, teacher, [("kd", new KdLoss(new()))]), SmallRun.FirstBatch());

        Assert.Equal(["hard", "kd"], norms.Keys.Order(StringComparer.Ordinal));
        Assert.All(norms.Values, norm => Assert.InRange(norm, 1e-6, 1e6));
        Assert.Equal(before, Snapshot(executor));
    }

    [Fact]
    public void The_norm_is_that_of_the_terms_own_gradient()
    {
        using var executor = Executor();
        using var teacher = new StubTeacher(() => zeros(6, 3), 3);
        var alone = ObjectiveCheck.Verify(executor, Objective.HardLabels(), SmallRun.FirstBatch());
        var both = ObjectiveCheck.Verify(executor, new(5, 0, teacher, [("kd", new KdLoss(new()))]), SmallRun.FirstBatch());

        Assert.Equal(alone["hard"], both["hard"], 1e-5);
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "detached", "The term 'bad' sends a gradient of norm 0" },
        { "constant", "The term 'bad' sends a gradient of norm 0" },
        { "times zero", "The term 'bad' sends a gradient of norm 0" },
        { "infinite slope", "The term 'bad' sends a gradient of norm NaN" },
        { "NaN", "The term 'bad' is NaN on the first batch" },
        { "infinite", "The term 'bad' is" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_term_that_would_teach_nothing_is_refused_and_leaves_weights_and_statistics(string kind, string says)
    {
        using var executor = Executor();
        var before = Snapshot(executor);
        using var teacher = new StubTeacher(() => zeros(6, 3), 3);
        var bad = new BadLoss((student, _) => kind switch
        {
            "detached" => student.detach().square().sum(),
            "constant" => ones(1).sum(),
            "times zero" => (student * 0).sum(),
            "infinite slope" => (student * 0).sqrt().sum(),
            "NaN" => student.sum() * double.NaN,
            _ => student.sum() * double.PositiveInfinity,
        });

        var error = Assert.Throws<InvalidOperationException>(() => ObjectiveCheck.Verify(executor, new(1, 0, teacher, [("bad", bad)]), SmallRun.FirstBatch()));

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot(executor));
    }

    private static GraphExecutor Executor() => new(SmallRun.Drawn("resnet8", new() { Classes = 3, Height = 8, Width = 8 }));

    private static (string Weights, string Statistics, string Gradients) Snapshot(GraphExecutor executor) =>
        (Convert.ToHexString(executor.Weights.Values.bytes), Convert.ToHexString(executor.Statistics.Values.bytes), Convert.ToHexString(executor.Gradients.bytes));
}
