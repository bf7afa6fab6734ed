using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Detection;

namespace DistillSharp.Detection.Distillation;

/// <summary>Any ONNX detector as a teacher, through the boxes it finds.</summary>
/// <param name="detector">The detector; it is not owned.</param>
/// <param name="classes">What its classes are in the data.</param>
internal sealed class BoxTeacher(BoxDetector detector, ClassMapping classes) : DetectionTeacher
{
    private readonly List<List<DetectedBox>> _found = [];

    public override DetectionAnswers Teach(DetectionBatch batch)
    {
        while (_found.Count < batch.Count)
        {
            _found.Add([]);
        }

        var (height, width) = batch.Size;
        detector.Detect(batch.Pixels.Span[..(batch.Count * 3 * height * width)], batch.Count, batch.Size, _found);
        var found = _found.GetRange(0, batch.Count);
        found.ForEach(classes.Apply);
        return new(new([])) { Boxes = found };
    }

    public override void Dispose()
    {
    }
}
