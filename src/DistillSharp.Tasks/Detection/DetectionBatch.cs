namespace DistillSharp.Tasks.Detection;

/// <summary>A batch of letterboxed pictures and their true boxes. Its buffers are reused: valid until the next batch is taken.</summary>
public sealed class DetectionBatch
{
    /// <summary>How many pictures it holds.</summary>
    public required int Count { get; init; }

    /// <summary>The pictures, <c>[N, 3, H, W]</c>, red, green, blue, 0 to 255.</summary>
    public required ReadOnlyMemory<byte> Pixels { get; init; }

    /// <summary>Rows and columns of every picture.</summary>
    public required (int Height, int Width) Size { get; init; }

    /// <summary>The true boxes, <c>[T, 6]</c>: picture in the batch, class, then centre and extent (x, y, w, h) as shares of the batch's width and height.</summary>
    public required ReadOnlyMemory<float> Targets { get; init; }

    /// <summary>The pictures' positions in their source, <c>[N]</c>; of a mosaic, the first picture's.</summary>
    public required ReadOnlyMemory<int> Indices { get; init; }

    /// <summary>How many of its last pictures are without labels: of these nothing is known, where a picture without boxes shows no object. Default 0.</summary>
    public int UnlabelledCount { get; init; }

    /// <summary>Where each picture lies in its letterbox, <c>[N]</c>; empty for augmented pictures.</summary>
    public IReadOnlyList<Letterbox> Letterboxes { get; init; } = [];
}
