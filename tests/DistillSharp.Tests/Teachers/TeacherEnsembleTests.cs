using DistillSharp.Tasks.Data;
using DistillSharp.Teachers;
using DistillSharp.Tests.Training;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Tests.Teachers;

public sealed class TeacherEnsembleTests
{
    private static readonly double[][] s_first = [[2, 0, -1], [0, 0, 3]], s_second = [[0, 1, 0], [5, 0, 0]];

    [Fact]
    public void Softened_by_its_temperature_it_is_the_mean_of_the_softened_probabilities()
    {
        using var scope = NewDisposeScope();
        var blended = Ensemble(EnsembleCombination.Mean, [], 3).Blend([Rows(s_first), Rows(s_second)], null);
        var expected = (softmax(Rows(s_first) / 3, 1) + softmax(Rows(s_second) / 3, 1)) / 2;

        Near(expected, softmax(blended / 3, 1));
    }

    [Fact]
    public void Weights_are_taken_in_their_proportion()
    {
        using var scope = NewDisposeScope();
        var blended = Ensemble(EnsembleCombination.Weighted, [3, 1], 2).Blend([Rows(s_first), Rows(s_second)], null);

        Near((0.75 * softmax(Rows(s_first) / 2, 1)) + (0.25 * softmax(Rows(s_second) / 2, 1)), softmax(blended / 2, 1));
    }

    [Fact]
    public void Logits_are_averaged_where_that_is_asked_for()
    {
        using var scope = NewDisposeScope();

        Near((Rows(s_first) + Rows(s_second)) / 2, Ensemble(EnsembleCombination.Logits, [], 4).Blend([Rows(s_first), Rows(s_second)], null));
    }

    [Fact]
    public void A_teacher_counts_for_as_much_as_it_knows_of_the_label()
    {
        using var scope = NewDisposeScope();
        var labels = torch.tensor([0L, 0L]);
        var blended = Ensemble(EnsembleCombination.Confidence, [], 1).Blend([Rows(s_first), Rows(s_second)], labels);

        // Of each sample the weights of two teachers are 1 - softmax of their cross-entropies, in the other order.
        for (int i = 0; i < 2; i++)
        {
            double a = CrossEntropy(s_first[i], 0), b = CrossEntropy(s_second[i], 0);
            double first = 1 - (Math.Exp(a) / (Math.Exp(a) + Math.Exp(b)));
            double[] expected = [.. Enumerable.Range(0, 3).Select(c => (first * Probability(s_first[i], c)) + ((1 - first) * Probability(s_second[i], c)))];
            double[] found = [.. softmax(blended[i], 0).data<double>()];
            Assert.All(Enumerable.Range(0, 3), c => Assert.Equal(expected[c], found[c], 1e-12));
        }
    }

    [Fact]
    public void Unlabelled_samples_are_weighed_by_entropy()
    {
        using var scope = NewDisposeScope();
        var ensemble = Ensemble(EnsembleCombination.Confidence, [], 1);
        Tensor[] logits = [Rows([[9, 0, 0]]), Rows([[0, 0.1, 0]])];
        var blended = softmax(ensemble.Blend(logits, torch.tensor([-1L])), 1);

        Assert.True(blended[0, 0].ToDouble() > 0.65, "the sure teacher counts for more");
        Near(blended, softmax(ensemble.Blend(logits, null), 1));
    }

    [Fact]
    public void Teachers_of_other_classes_and_weights_that_do_not_fit_are_refused()
    {
        Teacher[] unequal = [new StubTeacher(() => zeros(1, 3), 3), new StubTeacher(() => zeros(1, 4), 4)];
        var error = Assert.Throws<DataException>(() => new TeacherEnsemble(unequal, EnsembleCombination.Mean, [], 1));
        Assert.Contains("knows 3 and another 4", error.Message, StringComparison.Ordinal);

        Assert.Contains("as many weights", Assert.Throws<ArgumentException>(() => Ensemble(EnsembleCombination.Weighted, [1], 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Ensemble(EnsembleCombination.Weighted, [0, 0], 1));
    }

    private static TeacherEnsemble Ensemble(EnsembleCombination combination, double[] weights, double temperature) =>
        new([new StubTeacher(() => Rows(s_first), 3), new StubTeacher(() => Rows(s_second), 3)], combination, weights, temperature);

    private static Tensor Rows(double[][] rows) => torch.tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length]);

    private static double Probability(double[] logits, int c) => Math.Exp(logits[c]) / logits.Sum(Math.Exp);

    private static double CrossEntropy(double[] logits, int label) => -Math.Log(Probability(logits, label));

    private static void Near(Tensor expected, Tensor found) => Assert.True((expected - found).abs().max().ToDouble() < 1e-12, $"{found} instead of {expected}");
}
