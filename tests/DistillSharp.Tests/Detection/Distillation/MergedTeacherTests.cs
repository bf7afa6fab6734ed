using DistillSharp.Detection.Distillation;
using DistillSharp.Execution;
using DistillSharp.Tasks.Detection;

namespace DistillSharp.Tests.Detection.Distillation;

public sealed class MergedTeacherTests
{
    [Fact]
    public void Boxes_that_agree_become_one_and_what_one_alone_sees_counts_less()
    {
        using var merged = new MergedTeacher([new Saying([new(new(0, 0, 10, 10), 0.8f, 1)]), new Saying([new(new(2, 0, 12, 10), 0.4f, 1), new(new(50, 50, 60, 60), 0.6f, 0)])], [1, 1], [1, 1]);

        using var answers = merged.Teach(Batch());

        // Corners are weighted by confidence: (0.8 · 0 + 0.4 · 2) / 1.2; what one of two sees counts half.
        var boxes = Assert.Single(answers.Boxes);
        Assert.Equal(2, boxes.Count);
        Assert.Equal((0.8f * 0 + 0.4f * 2) / 1.2f, boxes[0].Box.Left, 1e-4f);
        Assert.Equal((0.6f, 1), (boxes[0].Confidence, boxes[0].ClassIndex));
        Assert.Equal((0.3f, 0), (boxes[1].Confidence, boxes[1].ClassIndex));
    }

    [Fact]
    public void What_only_one_can_know_the_others_do_not_speak_against()
    {
        using var merged = new MergedTeacher([new Saying([new(new(0, 0, 10, 10), 0.8f, 1)]), new Saying([])], [1, 1], [1, 0.5]);

        using var answers = merged.Teach(Batch());

        Assert.Equal(0.8f, Assert.Single(answers.Boxes[0]).Confidence, 1e-5f);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_one_alone_can_know_counts_as_it_says_whatever_its_weight(int which)
    {
        // Of weights 3 and 1, the teacher that knows the class has three quarters or one.
        DetectionTeacher knows = new Saying([new(new(0, 0, 10, 10), 0.6f, 0)]), other = new Saying([]);
        using var merged = new MergedTeacher(which == 0 ? [knows, other] : [other, knows], [3, 1], [which == 0 ? 0.75 : 0.25]);

        using var answers = merged.Teach(Batch());

        Assert.Equal(0.6f, Assert.Single(answers.Boxes[0]).Confidence, 1e-5f);
    }

    private static DetectionBatch Batch() => new() { Count = 1, Pixels = new byte[3 * 64 * 64], Size = (64, 64), Targets = Array.Empty<float>(), Indices = new[] { 0 } };

    private sealed class Saying(DetectedBox[] boxes) : DetectionTeacher
    {
        public override DetectionAnswers Teach(DetectionBatch batch) => new(new NamedTensors([])) { Boxes = [boxes] };

        public override void Dispose()
        {
        }
    }
}
