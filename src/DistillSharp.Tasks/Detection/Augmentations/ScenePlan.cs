using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Detection.Augmentations;

/// <summary>What an augmented picture is made from: the options, the other pictures it may be put together with, and a way to read them.</summary>
internal sealed class ScenePlan
{
    /// <summary>How pictures are changed.</summary>
    public required DetectionAugmentation Options { get; init; }

    /// <summary>Whether mosaic and mixing are over.</summary>
    public required bool IsClosed { get; init; }

    /// <summary>Whether the inputs are rectangles, into which no mosaic is put.</summary>
    public required bool IsRectangular { get; init; }

    /// <summary>The pictures that may be partners.</summary>
    public required ReadOnlyMemory<int> Partners { get; init; }

    /// <summary>Reads a picture, scaled to the input's size, and its boxes.</summary>
    public required Func<int, (PixelImage Image, IReadOnlyList<BoxLabel> Labels)> Reader { get; init; }

    /// <summary>Hears of a partner that cannot be read; null where that stops the run.</summary>
    public Action<int, DataException>? Bad { get; init; }

    /// <summary>Draws a partner.</summary>
    public int Partner(ref SampleRandom random) => Partners.Span[random.NextInt(Partners.Length)];

    /// <summary>Reads a picture; where that fails and may, another one in its place.</summary>
    /// <param name="index">The picture.</param>
    /// <param name="fallback">The other one, or null.</param>
    public (PixelImage Image, IReadOnlyList<BoxLabel> Labels) Read(int index, int? fallback)
    {
        try
        {
            return Reader(index);
        }
        catch (DataException error) when (fallback is not null && Bad is not null)
        {
            Bad(index, error);
            return Reader(fallback.Value);
        }
    }
}
