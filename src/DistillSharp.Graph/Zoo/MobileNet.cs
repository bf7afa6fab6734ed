using DistillSharp.Graph.Builder;

namespace DistillSharp.Graph.Zoo;

/// <summary>
/// MobileNetV2 for small pictures (Sandler et al., arXiv:1801.04381), half as wide and with ReLU, as the distillation literature has
/// it. Convolutions: Kaiming normal, fan out; norms 1 and 0; output normal 0.01, bias 0.
/// </summary>
public static class MobileNet
{
    /// <summary>Expansion, channels, blocks and first stride of each stage, before the width.</summary>
    private static readonly (int Expansion, int Channels, int Blocks, int Stride)[] s_stages =
        [(1, 16, 1, 1), (6, 24, 2, 1), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    /// <summary>Width 0.5.</summary>
    /// <param name="options">The options.</param>
    [Model("mobilenetv2-half", "MobileNetV2 of half width for small pictures (arXiv:1801.04381)")]
    public static ModelGraph V2Half(ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.RequireAtLeast("mobilenetv2-half", 16);
        var b = new GraphBuilder("mobilenetv2-half");
        string x = b.Input(options.Channels, options.Height, options.Width);
        x = ConvNormRelu(b, "conv1", 0, x, 16, 3, stride: 2);
        for (int stage = 0; stage < s_stages.Length; stage++)
        {
            var (expansion, channels, blocks, stride) = s_stages[stage];
            for (int i = 0; i < blocks; i++)
            {
                x = InvertedResidual(b, $"blocks.{stage}.{i}", x, channels / 2, expansion, i == 0 ? stride : 1);
            }
        }

        x = ConvNormRelu(b, "conv2", 0, x, 1280, 1);
        x = b.Flatten("flatten", b.GlobalAveragePool("avgpool", x));
        return b.Build(b.Linear("classifier.0", x, options.Classes, Initialization.Normal(0.01)));
    }

    private static string InvertedResidual(GraphBuilder b, string path, string x, int channels, int expansion, int stride)
    {
        int inner = b.ChannelsOf(x) * expansion;
        string y = ConvNormRelu(b, $"{path}.conv", 0, x, inner, 1);
        y = ConvNormRelu(b, $"{path}.conv", 3, y, inner, 3, stride, groups: inner);
        y = b.BatchNorm($"{path}.conv.7", Conv(b, $"{path}.conv.6", y, channels, 1));
        return stride == 1 && b.ChannelsOf(x) == channels ? b.Add(path, x, y) : y;
    }

    private static string ConvNormRelu(GraphBuilder b, string path, int place, string x, int channels, int kernel, int stride = 1, int groups = 1) =>
        b.Relu($"{path}.{place + 2}", b.BatchNorm($"{path}.{place + 1}", Conv(b, $"{path}.{place}", x, channels, kernel, stride, groups)));

    private static string Conv(GraphBuilder b, string path, string x, int channels, int kernel, int stride = 1, int groups = 1) =>
        b.Conv(path, x, channels, kernel, stride, kernel / 2, groups, initialization: Initialization.KaimingFanOut((long)channels * kernel * kernel));
}
