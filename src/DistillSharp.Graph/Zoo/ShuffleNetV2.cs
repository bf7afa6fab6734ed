using DistillSharp.Graph.Builder;

namespace DistillSharp.Graph.Zoo;

/// <summary>ShuffleNetV2 of width 1 for small pictures (Ma et al., arXiv:1807.11164). Weights: PyTorch's defaults; norms 1 and 0.</summary>
public static class ShuffleNetV2
{
    private static readonly (int Channels, int Blocks)[] s_stages = [(116, 3), (232, 7), (464, 3)];

    /// <summary>Writes the model.</summary>
    /// <param name="options">The options.</param>
    [Model("shufflenet-v2", "ShuffleNetV2 of width 1 for small pictures (arXiv:1807.11164)")]
    public static ModelGraph Create(ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.RequireAtLeast("shufflenet-v2", 8);
        var b = new GraphBuilder("shufflenet-v2");
        string x = b.Input(options.Channels, options.Height, options.Width);
        x = b.Relu("relu", b.BatchNorm("bn1", b.Conv("conv1", x, 24, 1)));
        for (int stage = 0; stage < s_stages.Length; stage++)
        {
            var (channels, blocks) = s_stages[stage];
            x = DownBlock(b, $"layer{stage + 1}.0", x, channels);
            for (int i = 1; i <= blocks; i++)
            {
                x = BasicBlock(b, $"layer{stage + 1}.{i}", x);
            }
        }

        x = b.Relu("relu2", b.BatchNorm("bn2", b.Conv("conv2", x, 1024, 1)));
        x = b.Flatten("flatten", b.GlobalAveragePool("avgpool", x));
        return b.Build(b.Linear("linear", x, options.Classes));
    }

    private static string DownBlock(GraphBuilder b, string path, string x, int channels)
    {
        int input = b.ChannelsOf(x), half = channels / 2;
        string left = b.BatchNorm($"{path}.bn1", b.Conv($"{path}.conv1", x, input, 3, 2, 1, groups: input));
        left = b.Relu($"{path}.relu2", b.BatchNorm($"{path}.bn2", b.Conv($"{path}.conv2", left, half, 1)));
        string right = b.Relu($"{path}.relu3", b.BatchNorm($"{path}.bn3", b.Conv($"{path}.conv3", x, half, 1)));
        right = b.BatchNorm($"{path}.bn4", b.Conv($"{path}.conv4", right, half, 3, 2, 1, groups: half));
        right = b.Relu($"{path}.relu5", b.BatchNorm($"{path}.bn5", b.Conv($"{path}.conv5", right, half, 1)));
        return b.ShuffleChannels(path, b.Concat($"{path}.concat", left, right), 2);
    }

    private static string BasicBlock(GraphBuilder b, string path, string x)
    {
        var (kept, y) = b.SplitHalves($"{path}.halves", x);
        int half = b.ChannelsOf(y);
        y = b.Relu($"{path}.relu1", b.BatchNorm($"{path}.bn1", b.Conv($"{path}.conv1", y, half, 1)));
        y = b.BatchNorm($"{path}.bn2", b.Conv($"{path}.conv2", y, half, 3, 1, 1, groups: half));
        y = b.Relu($"{path}.relu3", b.BatchNorm($"{path}.bn3", b.Conv($"{path}.conv3", y, half, 1)));
        return b.ShuffleChannels(path, b.Concat($"{path}.concat", kept, y), 2);
    }
}
