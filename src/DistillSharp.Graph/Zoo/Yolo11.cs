using DistillSharp.Graph.Builder;

namespace DistillSharp.Graph.Zoo;

/// <summary>
/// YOLO11 detectors, written from published structure and papers: residual stages split in two (CSPNet, arXiv:1911.11929), pooled pyramids (SPP, arXiv:1406.4729),
/// attention over the coarsest map (arXiv:1706.03762), joined scales (arXiv:1612.03144, arXiv:1803.01534), and boxes as distributions (arXiv:2006.04388).
/// Input <c>images</c>, <c>[batch, channels, height, width]</c>, 0 to 1; outputs <c>output0</c>, <c>[batch, 4 + classes, anchors]</c> (centre, width and height in
/// pixels, then scores) and the raw maps <c>feat0</c> to <c>feat2</c>, <c>[batch, 64 + classes, h, w]</c>, of strides 8, 16 and 32. Convolutions: PyTorch's default;
/// norms 1 and 0; output biases as if five objects lay in a picture of 640x640.
/// </summary>
public static class Yolo11
{
    /// <summary>The coarsest stride: it must divide the pictures' sides.</summary>
    public const int Stride = 32;

    /// <summary>Depth 0.5, width 0.25.</summary>
    /// <param name="options">The options.</param>
    [Model("yolo11n", "YOLO11 detector, size n: 0.5 deep, 0.25 wide", Task = "detection")]
    public static ModelGraph Yolo11N(DetectorOptions options) => Write("yolo11n", Sized(options, 0.5, 0.25, 1024, nested: false));

    /// <summary>Depth 0.5, width 0.5.</summary>
    /// <param name="options">The options.</param>
    [Model("yolo11s", "YOLO11 detector, size s: 0.5 deep, 0.5 wide", Task = "detection")]
    public static ModelGraph Yolo11S(DetectorOptions options) => Write("yolo11s", Sized(options, 0.5, 0.5, 1024, nested: false));

    /// <summary>Depth 0.5, width 1, at most 512 channels.</summary>
    /// <param name="options">The options.</param>
    [Model("yolo11m", "YOLO11 detector, size m: 0.5 deep, 1 wide, 512 channels at most", Task = "detection")]
    public static ModelGraph Yolo11M(DetectorOptions options) => Write("yolo11m", Sized(options, 0.5, 1, 512, nested: true));

    /// <summary>Depth 1, width 1, at most 512 channels.</summary>
    /// <param name="options">The options.</param>
    [Model("yolo11l", "YOLO11 detector, size l: 1 deep, 1 wide, 512 channels at most", Task = "detection")]
    public static ModelGraph Yolo11L(DetectorOptions options) => Write("yolo11l", Sized(options, 1, 1, 512, nested: true));

    /// <summary>Depth 1, width 1.5, at most 512 channels before the multiplication.</summary>
    /// <param name="options">The options.</param>
    [Model("yolo11x", "YOLO11 detector, size x: 1 deep, 1.5 wide, 768 channels at most", Task = "detection")]
    public static ModelGraph Yolo11X(DetectorOptions options) => Write("yolo11x", Sized(options, 1, 1.5, 512, nested: true));

    /// <summary>Of any depth and width.</summary>
    /// <param name="options">The options.</param>
    [Model("yolo11", "YOLO11 detector of any depth and width", Task = "detection")]
    public static ModelGraph Create(Yolo11Options options) => Write("yolo11", options);

    private static ModelGraph Write(string key, Yolo11Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.RequireMultipleOf(key, Stride);
        var b = new GraphBuilder(key);
        var y = new Yolo11Blocks(b);
        bool nested = options.NestedEverywhere;
        int repeats = Math.Max(1, (int)Math.Round(2 * options.DepthMultiple));
        int C(int channels) => (int)Math.Ceiling(Math.Min(channels, options.MaxChannels) * options.WidthMultiple / 8) * 8;

        string x = b.Input("images", Dimension.Named(GraphBuilder.BatchSymbol), options.Channels, Dimension.Named("height"), Dimension.Named("width"));
        x = y.Conv("model.0", x, C(64), 3, 2);
        x = y.Conv("model.1", x, C(128), 3, 2);
        x = y.C3k2("model.2", x, C(256), repeats, nested, 0.25);
        x = y.Conv("model.3", x, C(256), 3, 2);
        string fine = y.C3k2("model.4", x, C(512), repeats, nested, 0.25);
        x = y.Conv("model.5", fine, C(512), 3, 2);
        string middle = y.C3k2("model.6", x, C(512), repeats, nested: true);
        x = y.Conv("model.7", middle, C(1024), 3, 2);
        x = y.C3k2("model.8", x, C(1024), repeats, nested: true);
        x = y.Sppf("model.9", x, C(1024));
        string coarse = Yolo11Attention.C2Psa(y, "model.10", x, C(1024), repeats);

        // Down to the finest map, and up again.
        x = b.Concat("model.12", b.UpsampleNearest("model.11", coarse, 2), middle);
        middle = y.C3k2("model.13", x, C(512), repeats, nested);
        x = b.Concat("model.15", b.UpsampleNearest("model.14", middle, 2), fine);
        fine = y.C3k2("model.16", x, C(256), repeats, nested);
        x = b.Concat("model.18", y.Conv("model.17", fine, C(256), 3, 2), middle);
        middle = y.C3k2("model.19", x, C(512), repeats, nested);
        x = b.Concat("model.21", y.Conv("model.20", middle, C(512), 3, 2), coarse);
        coarse = y.C3k2("model.22", x, C(1024), repeats, nested: true);

        string[] maps = Yolo11Head.Maps(y, "model.23", [fine, middle, coarse], options.Classes);
        Yolo11Decoding.Boxes(b, "model.23", maps, options.Classes);
        var graph = b.Build(Yolo11Decoding.Outputs(options.Classes));
        Yolo11WeightOrder.Apply(graph);
        return graph;
    }

    private static Yolo11Options Sized(DetectorOptions options, double depth, double width, int maxChannels, bool nested)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new()
        {
            Classes = options.Classes,
            Channels = options.Channels,
            Height = options.Height,
            Width = options.Width,
            DepthMultiple = depth,
            WidthMultiple = width,
            MaxChannels = maxChannels,
            NestedEverywhere = nested,
        };
    }
}
