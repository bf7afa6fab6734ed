namespace DistillSharp.Graph.Builder;

/// <content>Functions without weights.</content>
public sealed partial class GraphBuilder
{
    /// <summary>Max(x, 0).</summary>
    /// <param name="path">The output's name.</param>
    /// <param name="x">The input.</param>
    public string Relu(string path, string x) => Node("Relu", path, [x]);

    /// <summary>x + y.</summary>
    /// <param name="path">The output's name.</param>
    /// <param name="x">One input.</param>
    /// <param name="y">The other.</param>
    public string Add(string path, string x, string y) => Node("Add", path, [x, y]);

    /// <summary>x times its sigmoid: SiLU, also called swish (arXiv:1702.03118).</summary>
    /// <param name="path">The output's name; the sigmoid is <c>path.sigmoid</c>.</param>
    /// <param name="x">The input.</param>
    public string Silu(string path, string x) => Node("Mul", path, [x, Node("Sigmoid", $"{path}.sigmoid", [x])]);

    /// <summary>The largest of each window; padding never is.</summary>
    /// <param name="path">The output's name.</param>
    /// <param name="x">The input, <c>[N, C, H, W]</c>.</param>
    /// <param name="kernel">Rows and columns of the window.</param>
    /// <param name="stride">Rows and columns between windows.</param>
    /// <param name="padding">Rows and columns added on every side.</param>
    public string MaxPool(string path, string x, int kernel, int stride, int padding = 0) => Pool("MaxPool", path, x, kernel, stride, padding);

    /// <summary>Every pixel as a square of pixels: pictures a whole number of times as large.</summary>
    /// <param name="path">The output's name.</param>
    /// <param name="x">The input, <c>[N, C, H, W]</c>.</param>
    /// <param name="factor">How many times.</param>
    public string UpsampleNearest(string path, string x, int factor) =>
        Node(
            "Resize",
            path,
            [x, "", Constant($"upsample{factor}.scales", TensorData.Create<float>([1, 1, factor, factor], 4))],
            ("mode", new TextValue("nearest")),
            ("coordinate_transformation_mode", new TextValue("asymmetric")),
            ("nearest_mode", new TextValue("floor")));

    /// <summary>The mean of each window; padding counts.</summary>
    /// <param name="path">The output's name.</param>
    /// <param name="x">The input, <c>[N, C, H, W]</c>.</param>
    /// <param name="kernel">Rows and columns of the window.</param>
    /// <param name="stride">Rows and columns between windows.</param>
    /// <param name="padding">Rows and columns of zeros on every side.</param>
    public string AveragePool(string path, string x, int kernel, int stride, int padding = 0) => Pool("AveragePool", path, x, kernel, stride, padding, ("count_include_pad", new IntValue(1)));

    /// <summary>The mean over rows and columns: <c>[N, C, 1, 1]</c>.</summary>
    /// <param name="path">The output's name.</param>
    /// <param name="x">The input, <c>[N, C, H, W]</c>.</param>
    public string GlobalAveragePool(string path, string x) => Node("GlobalAveragePool", path, [x]);

    /// <summary>All dimensions but the first as one: <c>[N, features]</c>.</summary>
    /// <param name="path">The output's name.</param>
    /// <param name="x">The input.</param>
    public string Flatten(string path, string x) => Node("Flatten", path, [x], ("axis", new IntValue(1)));

    /// <summary>Channels end to end.</summary>
    /// <param name="path">The output's name.</param>
    /// <param name="values">The inputs, <c>[N, C, …]</c>.</param>
    public string Concat(string path, params IReadOnlyList<string> values) => Node("Concat", path, values, ("axis", new IntValue(1)));

    /// <summary>Zeroes a share of the elements in training and scales up the rest (arXiv:1207.0580); does nothing in evaluation.</summary>
    /// <param name="path">The output's name.</param>
    /// <param name="x">The input.</param>
    /// <param name="ratio">The share, 0 up to 1; with 0 nothing is added.</param>
    public string Dropout(string path, string x, double ratio) =>
        ratio == 0 ? x : Node("Dropout", path, [x, Constant($"{path}.ratio", TensorData.Create<float>([(float)ratio]))]);

    /// <summary>The first and the second half of the channels.</summary>
    /// <param name="path">The outputs' names are <c>path.0</c> and <c>path.1</c>.</param>
    /// <param name="x">The input, <c>[N, C, …]</c>, C even.</param>
    public (string First, string Second) SplitHalves(string path, string x)
    {
        long half = ChannelsOf(x) / 2;
        string[] halves = Split(path, x, 1, half, half);
        return (halves[0], halves[1]);
    }

    /// <summary>Pieces of a value along one axis.</summary>
    /// <param name="path">The outputs' names are <c>path.0</c>, <c>path.1</c>, ….</param>
    /// <param name="x">The input.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="sizes">The pieces' sizes.</param>
    public string[] Split(string path, string x, int axis, params ReadOnlySpan<long> sizes)
    {
        string[] names = [.. Enumerable.Range(0, sizes.Length).Select(i => $"{path}.{i}")];
        Claim(path);
        var node = new GraphNode("Split", [x, Constant($"{path}.sizes", TensorData.Create(sizes, sizes.Length))], names, path);
        node.Attributes.Add("axis", new IntValue(axis));
        _graph.Nodes.Add(node);
        Walk.Visit(node);
        return names;
    }

    /// <summary>Deals the channels of the groups out in turn (ShuffleNet, arXiv:1707.01083).</summary>
    /// <param name="path">The output's name.</param>
    /// <param name="x">The input, <c>[N, C, H, W]</c>.</param>
    /// <param name="groups">The number of groups; it divides C.</param>
    public string ShuffleChannels(string path, string x, int groups)
    {
        var shape = ShapeOf(x);
        long channels = shape[1].Size!.Value, height = shape[2].Size!.Value, width = shape[3].Size!.Value;
        string split = Reshape($"{path}.split", x, [0, groups, channels / groups, height, width]);
        string dealt = Node("Transpose", $"{path}.dealt", [split], ("perm", new IntsValue([0, 2, 1, 3, 4])));
        return Reshape(path, dealt, [0, channels, height, width]);
    }

    /// <summary>The same elements under another shape.</summary>
    internal string Reshape(string path, string x, ReadOnlySpan<long> shape) =>
        Node("Reshape", path, [x, Constant($"{path}.shape", TensorData.Create(shape, shape.Length))]);

    private string Pool(string operation, string path, string x, int kernel, int stride, int padding, params ReadOnlySpan<(string, AttributeValue)> more) =>
        Node(
            operation,
            path,
            [x],
            [
                ("kernel_shape", new IntsValue([kernel, kernel])),
                ("strides", new IntsValue([stride, stride])),
                ("pads", new IntsValue([padding, padding, padding, padding])),
                .. more,
            ]);
}
