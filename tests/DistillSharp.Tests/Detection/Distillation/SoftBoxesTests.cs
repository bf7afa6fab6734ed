using DistillSharp.Detection.Losses;
using DistillSharp.Losses;
using DistillSharp.Losses.Detection;
using DistillSharp.Tests.Detection.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Detection.Distillation;

/// <summary>Boxes that count less than those that a person drew.</summary>
public sealed class SoftBoxesTests
{
    [Fact]
    public void Boxes_that_count_fully_cost_what_true_boxes_cost()
    {
        using var scene = new LossScene(LossScene.ThreeBoxes);
        using var soft = Soft(scene.Targets, 1, 1, 1);
        using var hard = scene.Compute();

        using var value = new DetectionLoss(LossScene.Options).Compute(scene.Maps, soft);

        Assert.Equal(hard.Total.ToDouble(), value.Total.ToDouble(), 1e-12);
    }

    [Fact]
    public void A_box_that_counts_nothing_is_as_if_it_were_not_there()
    {
        // Boxes of different pictures, so that no anchor changes hands.
        using var all = new LossScene([0, 1, 0.5f, 0.45f, 0.7f, 0.6f, 1, 0, 0.6f, 0.6f, 0.61f, 0.5f]);
        using var one = new LossScene([0, 1, 0.5f, 0.45f, 0.7f, 0.6f]);
        using var soft = Soft(all.Targets, 1, 0);
        using var wanted = one.Compute();

        using var value = new DetectionLoss(LossScene.Options).Compute(all.Maps, soft);

        Assert.Equal(wanted.Total.ToDouble(), value.Total.ToDouble(), 1e-12);
    }

    [Fact]
    public void Wanted_scores_are_multiplied_by_how_much_a_box_counts()
    {
        using var scene = new LossScene(LossScene.ThreeBoxes);
        using var soft = Soft(scene.Targets, 0.5, 0.25, 1);
        var hard = new DetectionLoss(LossScene.Options).Assign(scene.Maps, scene.Targets);

        var matches = new DetectionLoss(LossScene.Options).Assign(scene.Maps, soft);

        double[] weights = [0.5, 0.25, 1];
        Assert.Equal(hard.Select(match => (match.Picture, match.Anchor, match.Truth)), matches.Select(match => (match.Picture, match.Anchor, match.Truth)));
        Assert.All(hard.Zip(matches), pair => Assert.Equal(pair.First.Score * weights[pair.First.Truth], pair.Second.Score, 1e-12));
        Assert.Equal(3, hard.Select(match => match.Truth).Distinct().Count());
    }

    [Theory]
    [InlineData(1.5)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void What_no_share_is_is_refused_with_its_row(double weight)
    {
        using var scene = new LossScene(LossScene.ThreeBoxes);
        using var soft = Soft(scene.Targets, 1, weight, 1);

        var error = Assert.Throws<ArgumentException>(() => new DetectionLoss(LossScene.Options).Compute(scene.Maps, soft));

        Assert.Contains("Row 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("from 0 to 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_loss_of_a_teachers_boxes_is_the_detectors_own_a_picture()
    {
        using var scope = NewDisposeScope();
        Tensor[] maps = [.. new long[] { 8, 4, 2 }.Select((side, i) => Drawn(i, 2, 67, side, side).requires_grad_())];
        var boxes = tensor(new[] { 0, 1, 0.5, 0.45, 0.7, 0.6, 0.8, 1, 0, 0.6, 0.6, 0.5, 0.5, 0.3 }, [2, 7]);
        using var own = new DetectionLoss(new() { Classes = 3 }).Compute(maps, boxes);
        using var loss = new BoxesLoss(new());

        var value = loss.Compute(new LossInputs { StudentMaps = maps, TeacherBoxes = boxes });

        Assert.Equal(own.Total.ToDouble() / 2, value.ToDouble(), 1e-12);
        value.backward();
        Assert.All(maps, map => Assert.True(map.grad!.norm().ToDouble() > 0));
    }

    [Fact]
    public void A_teacher_that_finds_nothing_teaches_that_nothing_is_there()
    {
        using var scope = NewDisposeScope();
        Tensor[] maps = [.. new long[] { 8, 4, 2 }.Select((side, i) => Drawn(i, 2, 67, side, side).requires_grad_())];
        using var loss = new BoxesLoss(new() { ClassGain = 1 });

        var value = loss.Compute(new LossInputs { StudentMaps = maps, TeacherBoxes = zeros([0, 7], ScalarType.Float64) });

        double wanted = maps.Sum(map => nn.functional.softplus(map.narrow(1, 64, 3)).sum().ToDouble());
        Assert.Equal(wanted, value.ToDouble(), 1e-9 * wanted);
    }

    private static Tensor Drawn(int seed, params long[] shape)
    {
        using var generator = new Generator((ulong)seed);
        return randn(shape, ScalarType.Float64, generator: generator);
    }

    private static Tensor Soft(Tensor targets, params double[] weights)
    {
        using var column = tensor(weights, [weights.Length, 1]);
        using var doubles = targets.to(ScalarType.Float64);
        return cat([doubles, column], 1);
    }
}
