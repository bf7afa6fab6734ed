namespace DistillSharp.Tasks.Data;

/// <summary>A batch of normalised pictures and their classes. Its buffers are reused: valid until the next batch is taken.</summary>
public sealed class Batch
{
    /// <summary>How many samples it holds.</summary>
    public required int Count { get; init; }

    /// <summary>The pictures, <c>[N, C, H, W]</c>, normalised; only the first <c>Count</c> are filled.</summary>
    public required ReadOnlyMemory<float> Pixels { get; init; }

    /// <summary>The 0-based classes, <c>[N]</c>; below 0 is no label.</summary>
    public required ReadOnlyMemory<long> Labels { get; init; }

    /// <summary>How many samples have a label.</summary>
    public int CountLabeled
    {
        get
        {
            int count = 0;
            foreach (long label in Labels.Span[..Count])
            {
                count += label >= 0 ? 1 : 0;
            }

            return count;
        }
    }

    /// <summary>The samples' positions in their source, <c>[N]</c>.</summary>
    public required ReadOnlyMemory<int> Indices { get; init; }

    /// <summary>The shape of one picture, <c>[C, H, W]</c>.</summary>
    public required (int Channels, int Height, int Width) Shape { get; init; }
}
