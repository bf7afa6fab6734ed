using DistillSharp.Execution;
using DistillSharp.Tasks.Detection;
using static TorchSharp.torch;

namespace DistillSharp.Detection.Distillation;

/// <summary>What a teacher says of a batch.</summary>
/// <param name="values">The values tapped in it, by name.</param>
internal sealed class DetectionAnswers(NamedTensors values) : IDisposable
{
    /// <summary>The values tapped in it, by name.</summary>
    public NamedTensors Values => values;

    /// <summary>Its raw maps with the data's classes, <c>[N, 4 × bins + classes, h, w]</c>, fine to coarse; none where they were not asked for. Owned by this.</summary>
    public IReadOnlyList<Tensor> Maps { get; init; } = [];

    /// <summary>The boxes of each picture in pixels of the batch, with the data's classes; none where they were not asked for.</summary>
    public IReadOnlyList<IReadOnlyList<DetectedBox>> Boxes { get; init; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        values.Dispose();
        foreach (var map in Maps)
        {
            map.Dispose();
        }
    }
}

/// <summary>What a teacher is asked for.</summary>
/// <param name="Taps">Values inside it, by name.</param>
/// <param name="Maps">Whether its raw maps are wanted.</param>
/// <param name="Boxes">Whether its boxes are wanted.</param>
internal sealed record DetectionQuestion(IReadOnlyList<string> Taps, bool Maps, bool Boxes);
