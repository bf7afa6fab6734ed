using DistillSharp.Tasks.Detection;

namespace DistillSharp.Detection.Distillation;

/// <summary>Several teachers as one: their boxes are fused (arXiv:1910.13302); features, class scores and box sides are the first one's.</summary>
/// <param name="teachers">Two or more; they are owned.</param>
/// <param name="weights">How much each counts.</param>
internal sealed class MergedTeacher(IReadOnlyList<DetectionTeacher> teachers, IReadOnlyList<double> weights) : DetectionTeacher
{
    private readonly BoxFusion _fusion = new(teachers.Count, new() { Weights = [.. weights.Select(weight => (float)weight)] });

    public override DetectionAnswers Teach(DetectionBatch batch)
    {
        using var answers = new OwnedAnswers([.. teachers.Select(teacher => teacher.Teach(batch))]);
        var first = answers.TakeFirst();
        return new(first.Values)
        {
            Maps = first.Maps,
            Boxes = first.Boxes.Count == 0 ? [] : [.. Enumerable.Range(0, batch.Count).Select(i => Fuse([.. answers.Boxes.Select(boxes => boxes[i])]))],
        };
    }

    public override void Dispose()
    {
        foreach (var teacher in teachers)
        {
            teacher.Dispose();
        }
    }

    private List<DetectedBox> Fuse(IReadOnlyList<IReadOnlyList<DetectedBox>> found)
    {
        var fused = new List<DetectedBox>();
        _fusion.Fuse(found, fused);
        return fused;
    }

    private sealed class OwnedAnswers(IReadOnlyList<DetectionAnswers> answers) : IDisposable
    {
        public IEnumerable<IReadOnlyList<IReadOnlyList<DetectedBox>>> Boxes => answers.Select(one => one.Boxes);

        /// <summary>The first answers, which live on.</summary>
        public DetectionAnswers TakeFirst() => answers[0];

        public void Dispose()
        {
            foreach (var one in answers.Skip(1))
            {
                one.Dispose();
            }
        }
    }
}
