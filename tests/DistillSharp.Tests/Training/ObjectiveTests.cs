using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Training;

public sealed class ObjectiveTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(0.9)]
    public void Label_smoothing_is_the_papers_formula(double smoothing)
    {
        // q = (1 - e) [k = y] + e / K (arXiv:1512.00567, section 7); the loss is -sum q log p.
        double[,] logits = { { 1, -2, 0.5 }, { 0, 3, -1 } };
        int[] labels = [2, 0];
        double expected = 0;
        for (int i = 0; i < 2; i++)
        {
            double sum = Enumerable.Range(0, 3).Sum(k => Math.Exp(logits[i, k]));
            expected -= Enumerable.Range(0, 3).Sum(k => (((1 - smoothing) * (k == labels[i] ? 1 : 0)) + (smoothing / 3)) * Math.Log(Math.Exp(logits[i, k]) / sum)) / 2;
        }

        using var student = torch.tensor(logits);
        using var truth = torch.tensor(new long[] { 2, 0 });
        var (weight, value) = Assert.Single(Objective.HardLabels(smoothing).Terms(student, truth, SmallRun.FirstBatch()));

        using (value)
        {
            Assert.Equal(1, weight);
            Assert.Equal(expected, value.ToDouble(), 1e-12);
        }
    }

    [Fact]
    public void Images_without_a_label_do_not_count_for_the_hard_labels()
    {
        using var all = torch.tensor(new[,] { { 1.0, -2, 0.5 }, { 0, 3, -1 }, { 2, 0, 1 } }, requires_grad: true);
        using var labeled = torch.tensor(new[,] { { 1.0, -2, 0.5 }, { 2, 0, 1 } });
        using var some = torch.tensor(new long[] { 2, -1, 0 });
        using var truth = torch.tensor(new long[] { 2, 0 });
        using var none = torch.tensor(new long[] { -1, -1, -1 });

        using var partly = Objective.HardLabels(0.1).Terms(all, some, SmallRun.FirstBatch())[0].Value;
        using var expected = Objective.HardLabels(0.1).Terms(labeled, truth, SmallRun.FirstBatch())[0].Value;
        using var nothing = Objective.HardLabels().Terms(all, none, SmallRun.FirstBatch())[0].Value;
        (partly + nothing).backward();

        Assert.Equal(expected.ToDouble(), partly.ToDouble(), 1e-12);
        Assert.Equal(0, nothing.ToDouble());
        Assert.Equal(0, all.grad![1].abs().sum().ToDouble());
        Assert.True(all.grad[0].abs().sum().ToDouble() > 0);
    }

    [Fact]
    public void The_total_is_the_weighted_sum_of_the_terms()
    {
        using var student = torch.tensor(new[,] { { 1.0, -2, 0.5 }, { 0, 3, -1 } });
        using var truth = torch.tensor(new long[] { 2, 0 });
        using var teacher = new StubTeacher(() => zeros([2, 3], ScalarType.Float32), 3);
        var objective = new Objective(0.25, 0, teacher, [("kd", new KdLoss(new() { Weight = 3 })), ("second", new KdLoss(new() { Weight = 0.5, Temperature = 1 }))]);

        var terms = objective.Terms(student, truth, SmallRun.FirstBatch());
        using var total = Objective.Total(terms);

        Assert.Equal(["hard", "kd", "second"], objective.TermKeys);
        Assert.Equal([0.25, 3, 0.5], terms.Select(term => term.Weight));
        Assert.Equal(terms.Sum(term => term.Weight * term.Value.ToDouble()), total.ToDouble(), 1e-12);
    }

    [Fact]
    public void Losses_without_a_teacher_are_refused_by_key()
    {
        var error = Assert.Throws<ArgumentException>(() => new Objective(1, 0, null, [("kd", new KdLoss(new()))]));
        Assert.Contains("The losses kd need a teacher", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_learn_from_is_refused()
    {
        using var teacher = new StubTeacher(() => zeros(1, 3), 3);
        Assert.Throws<ArgumentException>(() => new Objective(0, 0, teacher, [("kd", new KdLoss(new() { Weight = 0 }))]));
        Assert.Throws<ArgumentException>(() => new Objective(0, 0, null, []));
    }
}
