using DistillSharp.Detection.Distillation;
using DistillSharp.Detection.Losses;
using DistillSharp.Execution;
using DistillSharp.Losses;
using DistillSharp.Losses.Detection;
using DistillSharp.Tasks.Detection;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Detection.Distillation;

public sealed class DetectionObjectiveTests
{
    private const int Pictures = 3, Classes = 3;
    private static readonly float[] s_targets = [0, 1, 0.5f, 0.45f, 0.7f, 0.6f, 1, 0, 0.6f, 0.6f, 0.5f, 0.5f];

    [Fact]
    public void Pictures_without_labels_are_no_part_of_the_detectors_own_loss()
    {
        using var scope = NewDisposeScope();
        var maps = Maps();
        var loss = new DetectionLoss(new() { Classes = Classes });
        using var wanted = loss.Compute([.. maps.Select(map => map.narrow(0, 0, 2))], tensor(s_targets, [2, 6]));

        var terms = new DetectionObjective(loss).Terms(maps, new NamedTensors([]), Batch(unlabelled: 1), default);
        var (weight, value) = Assert.Single(terms.All);
        value.mul(weight).backward();

        Assert.Equal(wanted.Total.ToDouble(), weight * value.ToDouble(), 1e-9 * wanted.Total.ToDouble());
        Assert.Equal(2, weight);
        Assert.Equal((wanted.Box, wanted.Class, wanted.Distribution), terms.Items);
        Assert.All(maps, map => Assert.Equal(0, map.grad!.narrow(0, 2, 1).abs().max().ToDouble()));
        Assert.All(maps, map => Assert.True(map.grad!.narrow(0, 0, 2).abs().max().ToDouble() > 0));
    }

    [Fact]
    public void Terms_are_for_a_picture_and_weights_carry_how_many_there_are()
    {
        using var scope = NewDisposeScope();
        var maps = Maps();
        using var boxes = new BoxesLoss(new() { Weight = 0.5 });
        using var teacher = new Saying([[new(new(8, 8, 40, 40), 0.9f, 1)], [], []]);
        var balance = new GradientBalance(1, 0.5);
        var objective = new DetectionObjective(new(new() { Classes = Classes }), 2, teacher, [("boxes", boxes)], new()) { Balance = balance };

        double[] before = [.. objective.Terms(maps, new NamedTensors([]), Batch(unlabelled: 1), default).All.Select(term => term.Weight)];
        balance.Measured([4, 8]);
        double[] after = [.. objective.Terms(maps, new NamedTensors([]), Batch(unlabelled: 1), default).All.Select(term => term.Weight)];

        // Two of three pictures have labels; the second term's gradient is twice the first's, so that half of it is as much.
        Assert.Equal([2.0 * 2, 0.5 * 3], before);
        Assert.Equal([2.0 * 2, 0.5 * 3 * 0.5], after);
    }

    [Fact]
    public void Of_classes_that_the_teacher_does_not_know_it_says_nothing()
    {
        using var scope = NewDisposeScope();
        var maps = Maps();
        using var boxes = new BoxesLoss(new());
        using var teacher = new Saying([[new(new(8, 8, 40, 40), 0.9f, 1)], [], []]);
        var objective = new DetectionObjective(new(new() { Classes = Classes }), 0, teacher, [("boxes", boxes)], new()) { KnownClasses = [0, 1] };

        objective.Terms(maps, new NamedTensors([]), Batch(unlabelled: 0), default).All[0].Value.backward();

        Assert.All(maps, map => Assert.Equal(0, map.grad!.narrow(1, 64 + 2, 1).abs().max().ToDouble()));
        Assert.All(maps, map => Assert.True(map.grad!.narrow(1, 64, 1).abs().min().ToDouble() > 0));
    }

    private static Tensor[] Maps() => [.. new long[] { 8, 4, 2 }.Select((side, i) =>
    {
        using var generator = new Generator((ulong)i + 1);
        return randn([Pictures, 64 + Classes, side, side], ScalarType.Float64, generator: generator).requires_grad_();
    })];

    private static DetectionBatch Batch(int unlabelled) => new()
    {
        Count = Pictures,
        Pixels = new byte[Pictures * 3 * 64 * 64],
        Size = (64, 64),
        Targets = s_targets,
        Indices = new[] { 0, 1, 2 },
        UnlabelledCount = unlabelled,
    };

    private sealed class Saying(IReadOnlyList<IReadOnlyList<DetectedBox>> boxes) : DetectionTeacher
    {
        public override DetectionAnswers Teach(DetectionBatch batch) => new(new NamedTensors([])) { Boxes = boxes };

        public override void Dispose()
        {
        }
    }
}
