using DistillSharp.Graph.Builder;

namespace DistillSharp.Graph.Zoo;

/// <summary>The blocks of YOLO11. A block's output value has the block's path: the last layer's inner name gives way to it.</summary>
/// <param name="builder">What writes the graph.</param>
internal sealed class Yolo11Blocks(GraphBuilder builder)
{
    private const float Epsilon = 1e-3f, Momentum = 0.97f;

    /// <summary>What writes the graph.</summary>
    public GraphBuilder Builder => builder;

    /// <summary>Convolution, norm and SiLU; the padding keeps the size.</summary>
    /// <param name="path">The module's path.</param>
    /// <param name="x">The input, <c>[N, C, H, W]</c>.</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="kernel">Rows and columns of the filter, odd.</param>
    /// <param name="stride">Rows and columns between positions.</param>
    /// <param name="groups">Groups of channels that do not see each other.</param>
    /// <param name="activation">Whether SiLU follows.</param>
    /// <param name="name">The output's name; null for the path.</param>
    public string Conv(string path, string x, int channels, int kernel, int stride = 1, int groups = 1, bool activation = true, string? name = null)
    {
        string output = name ?? path;
        x = builder.Conv($"{path}.conv", x, channels, kernel, stride, kernel / 2, groups);
        x = builder.BatchNorm(activation ? $"{path}.bn" : output, $"{path}.bn", x, Epsilon, Momentum);
        return activation ? Activate(path, output, x) : x;
    }

    /// <summary>Two convolutions of 3x3 and a shortcut around them.</summary>
    /// <param name="path">The module's path.</param>
    /// <param name="x">The input, <c>[N, C, H, W]</c>.</param>
    /// <param name="hidden">Channels between the two.</param>
    public string Bottleneck(string path, string x, int hidden)
    {
        string y = Conv($"{path}.cv1", x, hidden, 3);
        return builder.Add(path, x, Conv($"{path}.cv2", y, builder.ChannelsOf(x), 3));
    }

    /// <summary>A cross-stage block: half of the channels pass two bottlenecks, half go around them.</summary>
    /// <param name="path">The module's path.</param>
    /// <param name="x">The input, <c>[N, C, H, W]</c>.</param>
    public string C3k(string path, string x)
    {
        int channels = builder.ChannelsOf(x), hidden = channels / 2;
        string y = Conv($"{path}.cv1", x, hidden, 1);
        for (int i = 0; i < 2; i++)
        {
            y = Bottleneck($"{path}.m.{i}", y, hidden);
        }

        y = builder.Concat($"{path}.concat", y, Conv($"{path}.cv2", x, hidden, 1));
        return Conv($"{path}.cv3", y, channels, 1, name: path);
    }

    /// <summary>A stage: the second half of the channels passes the blocks in turn, and every step's result is joined.</summary>
    /// <param name="path">The module's path.</param>
    /// <param name="x">The input, <c>[N, C, H, W]</c>.</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="repeats">Blocks.</param>
    /// <param name="nested">Whether a block is a C3k, or a bottleneck.</param>
    /// <param name="expansion">The share of the output channels that a block works on.</param>
    public string C3k2(string path, string x, int channels, int repeats, bool nested, double expansion = 0.5)
    {
        int hidden = (int)(channels * expansion);
        var (kept, y) = builder.SplitHalves($"{path}.split", Conv($"{path}.cv1", x, 2 * hidden, 1));
        List<string> parts = [kept, y];
        for (int i = 0; i < repeats; i++)
        {
            y = nested ? C3k($"{path}.m.{i}", y) : Bottleneck($"{path}.m.{i}", y, hidden / 2);
            parts.Add(y);
        }

        return Conv($"{path}.cv2", builder.Concat($"{path}.concat", parts), channels, 1, name: path);
    }

    /// <summary>Spatial pyramid pooling: windows of 5, 9 and 13, as one of 5 three times.</summary>
    /// <param name="path">The module's path.</param>
    /// <param name="x">The input, <c>[N, C, H, W]</c>.</param>
    /// <param name="channels">Output channels.</param>
    public string Sppf(string path, string x, int channels)
    {
        List<string> parts = [Conv($"{path}.cv1", x, builder.ChannelsOf(x) / 2, 1)];
        for (int i = 0; i < 3; i++)
        {
            parts.Add(builder.MaxPool($"{path}.m.{i}", parts[^1], kernel: 5, stride: 1, padding: 2));
        }

        return Conv($"{path}.cv2", builder.Concat($"{path}.concat", parts), channels, 1, name: path);
    }

    private string Activate(string path, string name, string x) => builder.Node("Mul", name, [x, builder.Node("Sigmoid", $"{path}.sigmoid", [x])]);
}
