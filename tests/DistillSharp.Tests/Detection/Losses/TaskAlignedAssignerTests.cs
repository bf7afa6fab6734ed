using DistillSharp.Detection.Losses;
using TorchSharp;

namespace DistillSharp.Tests.Detection.Losses;

/// <summary>Assignments small enough to be worked out by hand: one level of 4 x 4 cells of 8 pixels.</summary>
public sealed class TaskAlignedAssignerTests
{
    private static readonly AnchorGrid s_grid = new([(4, 4)], [8]);

    [Fact]
    public void Only_anchors_strictly_inside_a_box_are_given_to_it()
    {
        // From 4 to 20: the centres 4 and 20 lie on the edges, 12 inside.
        var matches = Assign([0, 0, 12 / 32f, 12 / 32f, 0.5f, 0.5f], Everywhere(1, 1, 1, 1));
        Assert.Equal([5], matches.Select(match => match.Anchor));
    }

    [Fact]
    public void Of_equal_anchors_the_first_are_taken_up_to_top_k()
    {
        // A box over all 16 anchors. Anchors of one quarter turn fit equally well: the four at the centre best, then the eight beside them.
        var all = Assign([0, 0, 0.5f, 0.5f, 1, 1], Everywhere(2, 2, 2, 2), topK: 5);
        Assert.Equal([1, 5, 6, 9, 10], all.Select(match => match.Anchor));
    }

    [Fact]
    public void An_anchor_claimed_twice_goes_to_the_box_it_overlaps_most_whatever_the_score()
    {
        // Every anchor predicts 8 pixels to each side; around the centre of anchor 5 that is (4, 4, 20, 20), the second box. The first is twice as wide.
        float[] targets = [0, 1, 16 / 32f, 12 / 32f, 25 / 32f, 17 / 32f, 0, 0, 12 / 32f, 12 / 32f, 17 / 32f, 17 / 32f];
        var matches = Assign(targets, Everywhere(1, 1, 1, 1), logits: (_, number) => number == 1 ? 5 : -5);

        Assert.Equal(1, matches.Single(match => match.Anchor == 5).Truth);
        Assert.Equal(0, matches.Single(match => match.Anchor == 6).Truth);
    }

    [Fact]
    public void Of_boxes_overlapped_equally_the_first_takes_the_anchor()
    {
        float[] twice = [0, 1, 0.5f, 0.5f, 0.9f, 0.9f, 0, 0, 0.5f, 0.5f, 0.9f, 0.9f];
        Assert.All(Assign(twice, Everywhere(1, 1, 1, 1)), match => Assert.Equal(0, match.Truth));
    }

    [Fact]
    public void The_best_anchor_of_a_box_is_wanted_at_that_boxs_best_overlap()
    {
        // Anchor 5 hits the box of 20 x 20 around it with its 16 x 16: 256 / 400. Its neighbours hit less.
        var matches = Assign([0, 0, 12 / 32f, 12 / 32f, 20 / 32f, 20 / 32f], Everywhere(1, 1, 1, 1));

        Assert.Equal(0.64, matches.Max(match => match.Score), 1e-5);
        Assert.Equal(5, matches.MaxBy(match => match.Score).Anchor);
        Assert.True(matches.Count > 1);
    }

    [Fact]
    public void The_wanted_scores_follow_score_to_alpha_times_overlap_to_beta()
    {
        // The same overlap from both sides of the box's middle: the scores 0.5 and 0.9 differ, so the alignments do by their square roots.
        float[] box = [0, 0, 16 / 32f, 12 / 32f, 18 / 32f, 14 / 32f];
        var matches = Assign(box, Everywhere(1, 1, 1, 1), logits: (anchor, _) => anchor == 6 ? Math.Log(9) : 0);

        Assert.Equal([5, 6], matches.Select(match => match.Anchor));
        Assert.Equal(Math.Sqrt(0.5 / 0.9), matches[0].Score / matches[1].Score, 1e-6);
    }

    [Fact]
    public void A_box_without_an_anchor_inside_and_one_nobody_overlaps_take_none()
    {
        Assert.Empty(Assign([0, 0, 8 / 32f, 8 / 32f, 4 / 32f, 4 / 32f], Everywhere(1, 1, 1, 1)));
        Assert.Empty(Assign([0, 0, 0.5f, 0.5f, 1, 1], Everywhere(0, 0, 0, 0)));
        Assert.Empty(Assign([0, 0, 2, 2, 0.5f, 0.5f], Everywhere(1, 1, 1, 1)));
    }

    [Fact]
    public void Each_level_gives_its_anchors()
    {
        var grid = new AnchorGrid([(4, 4), (2, 2), (1, 1)], [8, 16, 32]);
        Assert.Equal([0, 0, 1, 1, 2], new[] { 0, 15, 16, 19, 20 }.Select(grid.LevelOf));
        Assert.Equal((1.5, 0.5), grid.Levels[1].CentreInCells(17));
        Assert.Equal((32, 32), grid.InputSize);
    }

    private static double[] Everywhere(double left, double top, double right, double bottom) => [.. new[] { left, top, right, bottom }.SelectMany(distance => Enumerable.Repeat(distance, 16))];

    private static IReadOnlyList<AnchorMatch> Assign(float[] targets, double[] distances, Func<int, int, double>? logits = null, int topK = 10)
    {
        using var rows = torch.tensor(targets, [targets.Length / 6, 6]);
        var truth = TrueBoxes.Read(rows, 1, 2, s_grid.InputSize, single: true);
        double[] scores = [.. truth.ScoreRows.SelectMany(row => Enumerable.Range(0, 16).Select(anchor => logits?.Invoke(anchor, row.Class) ?? 0))];
        return new TaskAlignedAssigner(new() { Classes = 2, TopK = topK }).Assign(s_grid, truth, distances, scores);
    }
}
