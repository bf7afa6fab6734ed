using DistillSharp.Execution;
using DistillSharp.Tasks.Data;
using DistillSharp.Teachers;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Training;

/// <summary>Gives each image a feature vector of its own, and logits of 0.</summary>
internal sealed class FeatureTeacher(int classes, int width) : Teacher
{
    public const string Feature = "feature";

    public override string LogitsName => "logits";

    public override int ClassCount => classes;

    public override NamedTensors Teach(Batch batch)
    {
        float[] values = [.. batch.Indices.Span[..batch.Count].ToArray().SelectMany(index => Enumerable.Range(0, width).Select(i => MathF.Sin((7 * index) + i)))];
        return new(new() { [LogitsName] = zeros(batch.Count, classes), [Feature] = tensor(values, batch.Count, width) });
    }
}
