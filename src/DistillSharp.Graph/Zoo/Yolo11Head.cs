namespace DistillSharp.Graph.Zoo;

/// <summary>The head of YOLO11: for every map one branch for boxes and one, of depthwise convolutions, for classes. Boxes are free of anchors (arXiv:2107.08430).</summary>
internal static class Yolo11Head
{
    /// <summary>How many distances a box's side is a distribution over (arXiv:2006.04388).</summary>
    public const int Bins = 16;

    private const int Sides = 4, PicturesSide = 640;

    /// <summary>The strides of the maps.</summary>
    public static ReadOnlySpan<int> Strides => [8, 16, 32];

    /// <summary>The raw maps, <c>[N, 64 + classes, h, w]</c>.</summary>
    /// <param name="y">The blocks.</param>
    /// <param name="path">The module's path.</param>
    /// <param name="features">What the branches see, fine to coarse.</param>
    /// <param name="classes">The number of classes.</param>
    public static string[] Maps(Yolo11Blocks y, string path, string[] features, int classes)
    {
        var b = y.Builder;
        int finest = b.ChannelsOf(features[0]), boxes = Math.Max(Math.Max(16, finest / 4), Sides * Bins), scores = Math.Max(finest, Math.Min(classes, 100));
        string[] maps = new string[features.Length];
        for (int level = 0; level < features.Length; level++)
        {
            string branch = $"{path}.cv2.{level}";
            string x = y.Conv($"{branch}.1", y.Conv($"{branch}.0", features[level], boxes, 3), boxes, 3);
            string box = b.Conv($"{branch}.2", x, Sides * Bins, 1, bias: true, biasInitialization: Initialization.Constant(1));

            branch = $"{path}.cv3.{level}";
            x = Separable(y, $"{branch}.0", features[level], scores);
            x = Separable(y, $"{branch}.1", x, scores);
            double cells = Math.Pow(PicturesSide / (double)Strides[level], 2);
            string score = b.Conv($"{branch}.2", x, classes, 1, bias: true, biasInitialization: Initialization.Constant(Math.Log(5 / (double)classes / cells)));
            maps[level] = b.Concat($"feat{level}", box, score);
        }

        return maps;
    }

    /// <summary>Every channel by itself, then all of them together (arXiv:1704.04861).</summary>
    private static string Separable(Yolo11Blocks y, string path, string x, int channels)
    {
        int input = y.Builder.ChannelsOf(x);
        return y.Conv($"{path}.1", y.Conv($"{path}.0", x, input, 3, groups: input), channels, 1, name: path);
    }
}
