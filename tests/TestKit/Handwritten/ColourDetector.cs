using DistillSharp.Graph;

namespace DistillSharp.TestKit.Handwritten;

/// <summary>
/// A detector whose answers are known: each 32 x 32 cell of the input is a box, as red, green or blue (classes 0, 1, 2) as its mean colour is purely that:
/// pure red scores 1, grey and white 0. It is written in every form that exporters choose.
/// </summary>
public static class ColourDetector
{
    /// <summary>The side of a cell, pixels.</summary>
    public const int Cell = 32;

    /// <summary>The metadata that Ultralytics' exporter writes.</summary>
    public static IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>
    {
        ["description"] = "Ultralytics YOLO11n model",
        ["author"] = "Ultralytics",
        ["version"] = "8.3.24",
        ["license"] = "AGPL-3.0",
        ["stride"] = "32",
        ["task"] = "detect",
        ["batch"] = "1",
        ["imgsz"] = "[64, 64]",
        ["names"] = "{0: 'red', 1: 'green', 2: 'blue'}",
    };

    /// <summary>Writes the detector.</summary>
    /// <param name="batch">The batch that the file fixes; null for any.</param>
    /// <param name="size">The height and width that the file fixes; null for any.</param>
    /// <param name="form">The output: <c>planes</c> [N, 7, cells], <c>rows</c> [N, cells, 7], <c>finished</c> [N, cells, 6].</param>
    /// <param name="metadata">What the file carries; null for nothing.</param>
    public static ModelGraph Create(int? batch = null, (int Height, int Width)? size = null, string form = "planes", IReadOnlyDictionary<string, string>? metadata = null)
    {
        Dimension Free(int? fixedSize, string name) => fixedSize is { } told ? told : Dimension.Named(name);
        var sketch = new Sketch()
            .Input("images", Free(batch, "batch"), 3, Free(size?.Height, "height"), Free(size?.Width, "width"))
            .Output("output0", Free(batch, "batch"), form == "planes" ? 7 : Dimension.Named("cells"), form == "planes" ? Dimension.Named("cells") : form == "rows" ? 7 : 6)
            .Node("AveragePool", "images", "means", ("kernel_shape", new IntsValue([Cell, Cell])), ("strides", new IntsValue([Cell, Cell])))
            .Floats("purity", [3, 3, 1, 1], 1, -1, -1, -1, 1, -1, -1, -1, 1)
            .Node("Conv", "means,purity", "pure")
            .Floats("zero", [], 0).Floats("one", [], 1).Floats("half", [], 0.5f).Floats("side", [], Cell).Longs("rows_axis", 2).Longs("columns_axis", 3)
            .Node("Clip", "pure,zero,one", "scores")
            .Floats("none", [1, 3, 1, 1], 0, 0, 0)
            .Node("Conv", "means,none", "zeros")
            .Node("Add", "zeros,one", "ones");
        foreach (var (axis, centre) in new[] { ("columns_axis", "x"), ("rows_axis", "y") })
        {
            sketch.Node("CumSum", $"ones,{axis}", $"{centre}_count").Node("Sub", $"{centre}_count,half", $"{centre}_cells").Node("Mul", $"{centre}_cells,side", centre);
        }

        sketch.Node("Mul", "ones,side", "extent").Longs("flat", 0, form == "finished" ? 6 : 7, -1);
        if (form == "finished")
        {
            sketch.Floats("reach", [], Cell / 2)
                .Node("Sub", "x,reach", "x1").Node("Sub", "y,reach", "y1").Node("Add", "x,reach", "x2").Node("Add", "y,reach", "y2")
                .Node("ReduceMax", "scores", "confidence", ("axes", new IntsValue([1])))
                .Node("ArgMax", "scores", "label", ("axis", new IntValue(1)))
                .Node("Cast", "label", "class", ("to", new IntValue(1)))
                .Node("Concat", "x1,y1,x2,y2,confidence,class", "map", ("axis", new IntValue(1)));
        }
        else
        {
            sketch.Node("Concat", "x,y,extent,extent,scores", "map", ("axis", new IntValue(1)));
        }

        sketch.Node("Reshape", "map,flat", form == "planes" ? "output0" : "planes");
        if (form != "planes")
        {
            sketch.Node("Transpose", "planes", "output0", ("perm", new IntsValue([0, 2, 1])));
        }

        foreach (var (key, value) in metadata ?? new Dictionary<string, string>())
        {
            sketch.Graph.Metadata[key] = value;
        }

        return sketch.Graph;
    }
}
