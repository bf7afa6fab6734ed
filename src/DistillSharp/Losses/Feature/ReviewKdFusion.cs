using DistillSharp.Graph;
using DistillSharp.Graph.Builder;

namespace DistillSharp.Losses.Feature;

/// <summary>
/// The adapter of <see cref="ReviewKdLoss"/>: from the deepest map to the shallowest, each is reduced to one width, fused with what the deeper ones left
/// (two trained maps of attention weigh the two), and widened to the teacher's channels.
/// </summary>
internal static class ReviewKdFusion
{
    /// <summary>Writes the graph.</summary>
    /// <param name="student">The student's maps, shallow to deep, <c>[N, C, H, W]</c>.</param>
    /// <param name="teacher">The teacher's maps.</param>
    /// <param name="width">The width that maps are fused at.</param>
    public static ModelGraph Graph(IReadOnlyList<IReadOnlyList<long>> student, IReadOnlyList<IReadOnlyList<long>> teacher, int width)
    {
        var b = new GraphBuilder("fusion");
        string[] inputs = [.. student.Select((_, i) => ChannelAlignment.Input(b, i, student[i]))], outputs = new string[student.Count];
        string? deeper = null;
        IReadOnlyList<long> left = [];
        for (int i = student.Count - 1; i >= 0; i--)
        {
            string x = Normalized(b, $"{i}.reduce", inputs[i], width, kernel: 1);
            if (deeper is not null)
            {
                x = Fused(b, i, x, Nearest(b, $"{i}.deeper", deeper, left, student[i]));
            }

            x = Nearest(b, $"{i}.resized", x, student[i], teacher[i]);
            (deeper, left) = (x, teacher[i]);
            outputs[i] = Normalized(b, $"{i}.widen", x, (int)teacher[i][1], kernel: 3);
        }

        return b.Build([.. outputs.Select(output => new GraphValue(output, ElementType.Float32, null))]);
    }

    /// <summary>A convolution, drawn as He's uniform for a linear layer, and its normalisation.</summary>
    private static string Normalized(GraphBuilder b, string path, string x, int channels, int kernel)
    {
        double bound = Math.Sqrt(3.0 / (b.ChannelsOf(x) * kernel * kernel));
        return b.BatchNorm($"{path}.bn", b.Conv($"{path}.conv", x, channels, kernel, padding: kernel / 2, initialization: Initialization.Uniform(bound)));
    }

    private static string Fused(GraphBuilder b, int index, string x, string deeper)
    {
        string attention = b.Conv($"{index}.attention", b.Concat($"{index}.both", x, deeper), 2, kernel: 1, bias: true);
        string[] shares = b.Split($"{index}.shares", b.Node("Sigmoid", $"{index}.weights", [attention]), 1, 1, 1);
        return b.Add($"{index}.fused", b.Node("Mul", $"{index}.own", [x, shares[0]]), b.Node("Mul", $"{index}.left", [deeper, shares[1]]));
    }

    /// <summary>The nearest pixels as libtorch picks them, of sizes known now.</summary>
    private static string Nearest(GraphBuilder b, string path, string x, IReadOnlyList<long> from, IReadOnlyList<long> to)
    {
        long factor = to[2] / from[2];
        if (factor is 2 or 4 or 8 or 16 && to[2] == factor * from[2] && to[3] == factor * from[3])
        {
            return b.UpsampleNearest(path, x, (int)factor);
        }

        string rows = Picked(b, $"{path}.rows", x, 2, from[2], to[2]);
        return Picked(b, $"{path}.columns", rows, 3, from[3], to[3]);
    }

    private static string Picked(GraphBuilder b, string path, string x, int axis, long from, long to) =>
        from == to ? x : b.Node("Gather", path, [x, b.Constant($"{path}.picks", TensorData.Create<long>(Picks(from, to), to))], ("axis", new IntValue(axis)));

    /// <summary>The old place that each new one takes its number from. libtorch computes it in float32, in double precision too.</summary>
    internal static long[] Picks(long from, long to)
    {
        float scale = (float)from / to;
        long[] picks = new long[to];
        for (int i = 0; i < picks.Length; i++)
        {
            picks[i] = Math.Min((long)MathF.Floor(i * scale), from - 1);
        }

        return picks;
    }
}
