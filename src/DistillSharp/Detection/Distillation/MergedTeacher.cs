using DistillSharp.Tasks.Detection;

namespace DistillSharp.Detection.Distillation;

/// <summary>Several teachers as one: their boxes are fused (arXiv:1910.13302); features, class scores and box sides are the first one's.</summary>
/// <param name="teachers">Two or more; they are owned.</param>
/// <param name="weights">How much each counts.</param>
/// <param name="knowing">The share of the weights, 0 to 1, of those that know each class: what the others cannot see, they do not speak against.</param>
internal sealed class MergedTeacher(IReadOnlyList<DetectionTeacher> teachers, IReadOnlyList<double> weights, IReadOnlyList<double> knowing) : DetectionTeacher
{
    private readonly BoxFusion _fusion = new(teachers.Count, new() { Weights = [.. weights.Select(weight => (float)weight)] });

    public override DetectionAnswers Teach(DetectionBatch batch)
    {
        var first = teachers[0].Teach(batch);
        List<DetectionAnswers> all = [first];
        try
        {
            all.AddRange(teachers.Skip(1).Select(teacher => teacher.Teach(batch)));
        }
        catch
        {
            all.ForEach(one => one.Dispose());
            throw;
        }

        all.Skip(1).ToList().ForEach(one => one.Dispose());
        return new(first.Values)
        {
            Maps = first.Maps,
            Boxes = first.Boxes.Count == 0 ? [] : [.. Enumerable.Range(0, batch.Count).Select(i => Fuse([.. all.Select(one => one.Boxes[i])]))],
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
        for (int i = 0; i < fused.Count; i++)
        {
            fused[i] = fused[i] with { Confidence = (float)Math.Min(1, fused[i].Confidence / knowing[fused[i].ClassIndex]) };
        }

        return fused;
    }
}
