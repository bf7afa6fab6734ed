using DistillSharp.Graph.Builder;

namespace DistillSharp.Graph.Zoo;

/// <summary>Attention over the positions of a map (arXiv:1706.03762), in a cross-stage block.</summary>
internal static class Yolo11Attention
{
    private const int HeadChannels = 64;

    /// <summary>Half of the channels pass attention and a feed-forward layer, both with a shortcut; half go around them.</summary>
    /// <param name="y">The blocks.</param>
    /// <param name="path">The module's path.</param>
    /// <param name="x">The input, <c>[N, C, H, W]</c>.</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="repeats">Pairs of attention and feed-forward layer.</param>
    public static string C2Psa(Yolo11Blocks y, string path, string x, int channels, int repeats)
    {
        var b = y.Builder;
        int hidden = channels / 2;
        var (kept, inner) = b.SplitHalves($"{path}.split", y.Conv($"{path}.cv1", x, 2 * hidden, 1));
        for (int i = 0; i < repeats; i++)
        {
            string block = $"{path}.m.{i}";
            inner = b.Add($"{block}.add", inner, Attend(y, $"{block}.attn", inner));
            string fed = y.Conv($"{block}.ffn.0", inner, 2 * hidden, 1);
            inner = b.Add(block, inner, y.Conv($"{block}.ffn.1", fed, hidden, 1, activation: false));
        }

        return y.Conv($"{path}.cv2", b.Concat($"{path}.concat", kept, inner), channels, 1, name: path);
    }

    /// <summary>Every position asks every other one; where it is itself comes from a depthwise convolution of the values.</summary>
    private static string Attend(Yolo11Blocks y, string path, string x)
    {
        var b = y.Builder;
        int channels = b.ChannelsOf(x), heads = Math.Max(1, channels / HeadChannels), value = channels / heads, key = value / 2;
        string qkv = y.Conv($"{path}.qkv", x, channels + (2 * heads * key), 1, activation: false);
        string flat = b.Reshape($"{path}.flat", qkv, [0, heads, (2 * key) + value, -1]);
        string[] parts = b.Split($"{path}.parts", flat, 2, key, key, value);

        string query = b.Node("Transpose", $"{path}.query", [parts[0]], ("perm", new IntsValue([0, 1, 3, 2])));
        string scale = b.Constant($"{path}.scale", TensorData.Create<float>([(float)(1 / Math.Sqrt(key))]));
        string likeness = b.Node("Mul", $"{path}.scaled", [b.Node("MatMul", $"{path}.product", [query, parts[1]]), scale]);
        string weights = b.Node("Softmax", $"{path}.softmax", [likeness], ("axis", new IntValue(-1)));
        string turned = b.Node("Transpose", $"{path}.turned", [weights], ("perm", new IntsValue([0, 1, 3, 2])));
        string seen = b.Node("MatMul", $"{path}.seen", [parts[2], turned]);

        // The map's rows and columns are known only when it runs.
        string sides = b.Node("Shape", $"{path}.sides", [qkv], ("start", new IntValue(2)));
        string shape = b.Node("Concat", $"{path}.shape", [b.Constant($"{path}.front", TensorData.Create<long>([0, channels], 2)), sides], ("axis", new IntValue(0)));
        string map = b.Node("Reshape", $"{path}.map", [seen, shape]), values = b.Node("Reshape", $"{path}.values", [parts[2], shape]);
        string placed = b.Add($"{path}.placed", map, y.Conv($"{path}.pe", values, channels, 3, groups: channels, activation: false));
        return y.Conv($"{path}.proj", placed, channels, 1, activation: false, name: path);
    }
}
