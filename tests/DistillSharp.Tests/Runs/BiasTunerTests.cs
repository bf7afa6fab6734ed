using CsCheck;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Zoo;
using DistillSharp.Runs;
using DistillSharp.Runtime;
using DistillSharp.Tasks.Classification;

namespace DistillSharp.Tests.Runs;

public sealed class BiasTunerTests
{
    [Fact]
    public void No_offset_of_a_fine_grid_has_fewer_errors() =>
        Gen.Select(Gen.Float[-4, 4].Array[120], Gen.Int[0, 3].Array[30], Gen.Int[0, 3]).Sample(
            (logits, labels, tuned) =>
            {
                double offset = BiasTuner.Find(Answers(logits, labels, 4), [tuned])[tuned];

                // Off the fractions that the logits are drawn from: at a tie the class's index decides, which no offset between two thresholds can imitate.
                int best = Enumerable.Range(-1000, 2001).Min(step => Errors(logits, labels, 4, tuned, (step / 100.0) + (Math.PI / 1000)));
                Assert.True(Errors(logits, labels, 4, tuned, offset) <= best);
            },
            iter: 25);

    [Fact]
    public void The_offset_lies_in_the_middle_of_the_widest_of_the_best_gaps()
    {
        // The lead of class 0 over class 1 (the tuned one) by sample: 1 and 2 want the tuned class, 4 and 10 want class 0, and
        // 20 wants the tuned one. One error is the least: offsets of 2 to 4 leave the last wrong, and no other gap does as well.
        double between = Find([1, 2, 4, 10, 20], [1, 1, 0, 0, 1]);
        Assert.Equal(3, between, 5);

        // Without errors from 2 to 10; the sample of class 2, which either answer gets wrong, does not split the gap.
        float[] logits = [1, 0, -9, 2, 0, -9, 3, 0, -9, 10, 0, -9];
        Assert.Equal(6, BiasTuner.Find(Answers(logits, [1, 1, 2, 0], 3), [1])[1], 5);
    }

    [Theory]
    [InlineData(new float[] { 1, 2, 5, 9 }, 7)]
    [InlineData(new float[] { 1, 5, 8, 9 }, 3)]
    public void Of_two_equally_good_gaps_the_wider_is_taken(float[] leads, double middle) =>

        // One error between the first two (the third is wrong) and between the last two (the second is wrong).
        Assert.Equal(middle, Find(leads, [1, 0, 1, 0]), 5);

    [Fact]
    public void Where_no_sample_depends_on_the_class_nothing_is_changed()
    {
        float[] logits = [3, 0, 1, 4, 0, 1];

        Assert.Equal(0, BiasTuner.Find(Answers(logits, [2, 2], 3), [1])[1]);
    }

    [Fact]
    public void A_class_that_never_occurs_is_pushed_below_all_others()
    {
        float[] logits = [1, 5, 2, 3];

        double offset = BiasTuner.Find(Answers(logits, [0, 0], 2), [1])[1];

        Assert.Equal(0, Errors(logits, [0, 0], 2, 1, offset));
    }

    [Fact]
    public void Classes_are_tuned_one_after_the_other_and_never_for_the_worse() =>
        Gen.Select(Gen.Float[-4, 4].Array[100], Gen.Int[0, 4].Array[20]).Sample(
            (logits, labels) =>
            {
                var offsets = BiasTuner.Find(Answers(logits, labels, 5), [3, 1]);
                float[] moved = [.. logits.Select((logit, i) => logit + (float)offsets.GetValueOrDefault(i % 5))];

                Assert.Equal([3, 1], offsets.Keys);
                Assert.True(Errors(moved, labels, 5, 0, 0) <= Errors(logits, labels, 5, 0, 0));
            },
            iter: 2000);

    [Fact]
    public void Only_the_bias_of_the_class_is_changed_and_only_in_the_copy()
    {
        var graph = Mlp.Create(new() { Widths = [4], Classes = 3, Channels = 1, Height = 2, Width = 2 });
        WeightInitializer.Draw(graph, seed: 1);
        var before = graph.Clone();

        var tuned = BiasTuner.Apply(graph, new Dictionary<int, double> { [2] = -1.5 });

        float[] bias = before.FindInitializer("fc2.bias")!.Data.AsSpan<float>().ToArray();
        Assert.Equal([bias[0], bias[1], bias[2] - 1.5f], tuned.FindInitializer("fc2.bias")!.Data.AsSpan<float>().ToArray());
        foreach (var weight in before.Initializers)
        {
            Assert.Equal(weight.Data.Bytes.ToArray(), graph.FindInitializer(weight.Name)!.Data.Bytes.ToArray());
            Assert.True(weight.Name == "fc2.bias" || weight.Data.Bytes.SequenceEqual(tuned.FindInitializer(weight.Name)!.Data.Bytes), weight.Name);
        }
    }

    [Fact]
    public void Logits_that_no_layer_with_a_bias_makes_are_refused_by_name()
    {
        var b = new GraphBuilder("relu-last");
        var graph = b.Build(b.Relu("last", b.Flatten("flatten", b.Input(1, 2, 2))));

        var error = Assert.Throws<GraphException>(() => BiasTuner.Apply(graph, new Dictionary<int, double> { [0] = 1 }));

        Assert.Contains("'logits' is made by", error.Message, StringComparison.Ordinal);
        Assert.Contains("Relu", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bias_that_two_layers_share_is_refused()
    {
        var graph = Mlp.Create(new() { Widths = [3], Classes = 3, Channels = 1, Height = 1, Width = 3 });
        graph.Nodes[1].Inputs[2] = "fc2.bias";

        Assert.Contains("bias of its own", Assert.Throws<GraphException>(() => BiasTuner.Apply(graph, new Dictionary<int, double> { [0] = 1 })).Message, StringComparison.Ordinal);
    }

    private static double Find(float[] leads, int[] labels) =>
        BiasTuner.Find(Answers([.. leads.SelectMany(lead => new[] { lead, 0 })], labels, 2), [1])[1];

    private static Evaluation Answers(float[] logits, int[] labels, int classes) => new(logits, labels, classes, ClassificationScore.Of(logits, labels, classes), []);

    private static int Errors(float[] logits, int[] labels, int classes, int tuned, double offset) => labels
        .Where((label, i) => label != Enumerable.Range(0, classes).MaxBy(j => logits[(i * classes) + j] + (j == tuned ? offset : 0)))
        .Count();
}
