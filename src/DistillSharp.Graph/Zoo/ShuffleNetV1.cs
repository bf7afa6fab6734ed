using DistillSharp.Graph.Builder;

namespace DistillSharp.Graph.Zoo;

/// <summary>ShuffleNet with three groups for small pictures (Zhang et al., arXiv:1707.01083). Weights: PyTorch's defaults; norms 1 and 0.</summary>
public static class ShuffleNetV1
{
    private const int Groups = 3;
    private static readonly (int Channels, int Blocks)[] s_stages = [(240, 4), (480, 8), (960, 4)];

    /// <summary>Writes the model.</summary>
    /// <param name="options">The options.</param>
    [Model("shufflenet-v1", "ShuffleNet with 3 groups for small pictures (arXiv:1707.01083)")]
    public static ModelGraph Create(ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.RequireAtLeast("shufflenet-v1", 8);
        var b = new GraphBuilder("shufflenet-v1");
        string x = b.Input(options.Channels, options.Height, options.Width);
        x = b.Relu("relu", b.BatchNorm("bn1", b.Conv("conv1", x, 24, 1)));
        for (int stage = 0; stage < s_stages.Length; stage++)
        {
            var (channels, blocks) = s_stages[stage];
            for (int i = 0; i < blocks; i++)
            {
                x = Bottleneck(b, $"layer{stage + 1}.{i}", x, channels, first: i == 0, ungrouped: stage == 0 && i == 0);
            }
        }

        x = b.Flatten("flatten", b.GlobalAveragePool("avgpool", x));
        return b.Build(b.Linear("linear", x, options.Classes));
    }

    private static string Bottleneck(GraphBuilder b, string path, string x, int channels, bool first, bool ungrouped)
    {
        // The first block of a stage halves the picture and puts its shortcut beside its branch instead of adding it.
        int branch = first ? channels - b.ChannelsOf(x) : channels, inner = branch / 4, groups = ungrouped ? 1 : Groups;
        string y = b.Relu($"{path}.relu1", b.BatchNorm($"{path}.bn1", b.Conv($"{path}.conv1", x, inner, 1, groups: groups)));
        y = b.ShuffleChannels($"{path}.shuffle1", y, groups);
        y = b.Relu($"{path}.relu2", b.BatchNorm($"{path}.bn2", b.Conv($"{path}.conv2", y, inner, 3, first ? 2 : 1, 1, groups: inner)));
        y = b.BatchNorm($"{path}.bn3", b.Conv($"{path}.conv3", y, branch, 1, groups: Groups));
        string joined = first ? b.Concat($"{path}.concat", y, b.AveragePool($"{path}.shortcut.0", x, 3, 2, 1)) : b.Add($"{path}.add", y, x);
        return b.Relu(path, joined);
    }
}
