using System.Globalization;
using DistillSharp.Graph.Builder;

namespace DistillSharp.Graph.Zoo;

/// <summary>
/// From raw maps to boxes, in the graph: the mean of each side's distribution is its distance from the cell's centre, in strides (arXiv:2006.04388).
/// Cells are counted from the maps' own shapes, so any picture's size will do; at a fixed size they fold to constants.
/// </summary>
internal static class Yolo11Decoding
{
    private const int Sides = 4, Bins = Yolo11Head.Bins;

    /// <summary>Writes <c>output0</c>, <c>[N, 4 + classes, anchors]</c>.</summary>
    /// <param name="b">What writes the graph.</param>
    /// <param name="path">The head's path.</param>
    /// <param name="maps">The raw maps, fine to coarse.</param>
    /// <param name="classes">The number of classes.</param>
    public static void Boxes(GraphBuilder b, string path, string[] maps, int classes)
    {
        string[] flat = [.. maps.Select((map, level) => b.Reshape($"{path}.flat.{level}", map, [0, (Sides * Bins) + classes, -1]))];
        string all = b.Node("Concat", $"{path}.all", flat, ("axis", new IntValue(2)));
        string[] parts = b.Split($"{path}.parts", all, 1, Sides * Bins, classes);

        string bins = b.Reshape($"{path}.dfl.bins", parts[0], [0, Sides, Bins, -1]);
        string front = b.Node("Transpose", $"{path}.dfl.front", [bins], ("perm", new IntsValue([0, 2, 1, 3])));
        string likely = b.Node("Softmax", $"{path}.dfl.softmax", [front], ("axis", new IntValue(1)));
        string mean = b.Node("Conv", $"{path}.dfl.conv", [likely, Distances(b, path)], ("kernel_shape", new IntsValue([1, 1])));
        string sides = b.Reshape($"{path}.dfl", mean, [0, Sides, -1]);

        // Left and top, then right and bottom: the centre lies half of their difference beside the cell's.
        string[] corners = b.Split($"{path}.corners", sides, 1, 2, 2);
        var (cells, strides) = Cells(b, path, maps);
        string half = b.Constant($"{path}.half", TensorData.Create<float>([0.5f]));
        string offset = b.Node("Mul", $"{path}.offset", [b.Node("Sub", $"{path}.difference", [corners[1], corners[0]]), half]);
        string centre = b.Add($"{path}.centre", offset, cells), size = b.Add($"{path}.size", corners[0], corners[1]);
        string boxes = b.Node("Mul", $"{path}.boxes", [b.Concat($"{path}.grid_boxes", centre, size), strides]);
        b.Concat("output0", boxes, b.Node("Sigmoid", $"{path}.scores", [parts[1]]));
    }

    /// <summary>The outputs as the file declares them.</summary>
    /// <param name="classes">The number of classes.</param>
    public static IReadOnlyList<GraphValue> Outputs(int classes)
    {
        var batch = Dimension.Named(GraphBuilder.BatchSymbol);
        List<GraphValue> outputs = [new("output0", ElementType.Float32, [batch, Sides + classes, Dimension.Named("anchors")])];
        for (int level = 0; level < Yolo11Head.Strides.Length; level++)
        {
            string stride = Yolo11Head.Strides[level].ToString(CultureInfo.InvariantCulture);
            outputs.Add(new($"feat{level}", ElementType.Float32, [batch, (Sides * Bins) + classes, Dimension.Named($"height/{stride}"), Dimension.Named($"width/{stride}")]));
        }

        return outputs;
    }

    /// <summary>The bins' distances 0 to 15 as a filter that is never trained, as checkpoints have it.</summary>
    private static string Distances(GraphBuilder b, string path) =>
        b.Constant($"{path}.dfl.conv.weight", TensorData.Create<float>([.. Enumerable.Range(0, Bins).Select(i => (float)i)], 1, Bins, 1, 1));

    /// <summary>The cells' centres in strides, <c>[2, anchors]</c>, and their strides, <c>[anchors]</c>: map by map, row by row.</summary>
    private static (string Centres, string Strides) Cells(GraphBuilder b, string path, string[] maps)
    {
        string[] columns = new string[maps.Length], rows = new string[maps.Length], strides = new string[maps.Length];
        string first = b.Constant($"{path}.first", TensorData.Create<long>([0])), step = b.Constant($"{path}.step", TensorData.Create<long>([1]));
        string line = b.Constant($"{path}.line", TensorData.Create<long>([-1], 1)), upright = b.Constant($"{path}.upright", TensorData.Create<long>([-1, 1], 2));
        for (int level = 0; level < maps.Length; level++)
        {
            string at = $"{path}.cells.{level}";
            string sides = b.Node("Shape", $"{at}.sides", [maps[level]], ("start", new IntValue(2)));
            string Count(string name, string axis) =>
                b.Node("Range", $"{at}.{name}", [first, b.Node("Gather", $"{at}.{name}.count", [sides, axis], ("axis", new IntValue(0))), step]);
            string Spread(string name, string values) =>
                b.Node("Reshape", $"{at}.{name}.all", [b.Node("Expand", $"{at}.{name}.spread", [values, sides]), line]);

            columns[level] = Spread("x", Count("x", step));
            rows[level] = Spread("y", b.Node("Reshape", $"{at}.y.upright", [Count("y", first), upright]));
            strides[level] = b.Node("Reshape", $"{at}.stride.all", [b.Node("ConstantOfShape", $"{at}.stride", [sides], ("value", new TensorValue(TensorData.Create<float>([Yolo11Head.Strides[level]], 1)))), line]);
        }

        string Row(string name, string[] values) =>
            b.Node("Unsqueeze", $"{path}.cells.{name}", [b.Node("Concat", $"{path}.cells.{name}.all", values, ("axis", new IntValue(0))), b.Constant($"{path}.axis", TensorData.Create<long>([0], 1))]);
        string both = b.Node("Concat", $"{path}.cells.both", [Row("x", columns), Row("y", rows)], ("axis", new IntValue(0)));
        string whole = b.Node("Cast", $"{path}.cells.corners", [both], ("to", new IntValue((long)ElementType.Float32)));
        return (b.Add($"{path}.cells", whole, b.Constant($"{path}.half", TensorData.Create<float>([0.5f]))), b.Node("Concat", $"{path}.strides", strides, ("axis", new IntValue(0))));
    }
}
