using DistillSharp.Graph.Builder;

namespace DistillSharp.Graph.Zoo;

/// <summary>
/// Residual networks for small pictures (He et al., arXiv:1512.03385, section 4.2), in the widths of the distillation
/// literature: three stages of basic blocks, a 1x1 convolution where a shortcut changes shape. Convolutions: Kaiming normal, fan out; norms 1 and 0.
/// </summary>
public static class ResNet
{
    private static readonly int[] s_narrow = [16, 16, 32, 64];
    private static readonly int[] s_wide = [32, 64, 128, 256];

    /// <summary>8 layers.</summary>
    /// <param name="options">The options.</param>
    [Model("resnet8", "Residual network of 8 layers for small pictures (arXiv:1512.03385)")]
    public static ModelGraph ResNet8(ModelOptions options) => Create("resnet8", 8, s_narrow, options);

    /// <summary>14 layers.</summary>
    /// <param name="options">The options.</param>
    [Model("resnet14", "Residual network of 14 layers for small pictures (arXiv:1512.03385)")]
    public static ModelGraph ResNet14(ModelOptions options) => Create("resnet14", 14, s_narrow, options);

    /// <summary>20 layers.</summary>
    /// <param name="options">The options.</param>
    [Model("resnet20", "Residual network of 20 layers for small pictures (arXiv:1512.03385)")]
    public static ModelGraph ResNet20(ModelOptions options) => Create("resnet20", 20, s_narrow, options);

    /// <summary>32 layers.</summary>
    /// <param name="options">The options.</param>
    [Model("resnet32", "Residual network of 32 layers for small pictures (arXiv:1512.03385)")]
    public static ModelGraph ResNet32(ModelOptions options) => Create("resnet32", 32, s_narrow, options);

    /// <summary>44 layers.</summary>
    /// <param name="options">The options.</param>
    [Model("resnet44", "Residual network of 44 layers for small pictures (arXiv:1512.03385)")]
    public static ModelGraph ResNet44(ModelOptions options) => Create("resnet44", 44, s_narrow, options);

    /// <summary>56 layers.</summary>
    /// <param name="options">The options.</param>
    [Model("resnet56", "Residual network of 56 layers for small pictures (arXiv:1512.03385)")]
    public static ModelGraph ResNet56(ModelOptions options) => Create("resnet56", 56, s_narrow, options);

    /// <summary>110 layers.</summary>
    /// <param name="options">The options.</param>
    [Model("resnet110", "Residual network of 110 layers for small pictures (arXiv:1512.03385)")]
    public static ModelGraph ResNet110(ModelOptions options) => Create("resnet110", 110, s_narrow, options);

    /// <summary>8 layers, four times as wide.</summary>
    /// <param name="options">The options.</param>
    [Model("resnet8x4", "Residual network of 8 layers, four times as wide (arXiv:1512.03385)")]
    public static ModelGraph ResNet8x4(ModelOptions options) => Create("resnet8x4", 8, s_wide, options);

    /// <summary>32 layers, four times as wide.</summary>
    /// <param name="options">The options.</param>
    [Model("resnet32x4", "Residual network of 32 layers, four times as wide (arXiv:1512.03385)")]
    public static ModelGraph ResNet32x4(ModelOptions options) => Create("resnet32x4", 32, s_wide, options);

    private static ModelGraph Create(string key, int depth, int[] widths, ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.RequireAtLeast(key, 8);
        int blocks = (depth - 2) / 6;
        var b = new GraphBuilder(key);
        string x = b.Input(options.Channels, options.Height, options.Width);
        x = b.Relu("relu", b.BatchNorm("bn1", Conv(b, "conv1", x, widths[0], 3)));
        for (int stage = 1; stage <= 3; stage++)
        {
            for (int i = 0; i < blocks; i++)
            {
                x = BasicBlock(b, $"layer{stage}.{i}", x, widths[stage], stride: stage > 1 && i == 0 ? 2 : 1);
            }
        }

        x = b.Flatten("flatten", b.GlobalAveragePool("avgpool", x));
        return b.Build(b.Linear("fc", x, options.Classes));
    }

    private static string BasicBlock(GraphBuilder b, string path, string x, int channels, int stride)
    {
        string y = b.Relu($"{path}.relu", b.BatchNorm($"{path}.bn1", Conv(b, $"{path}.conv1", x, channels, 3, stride)));
        y = b.BatchNorm($"{path}.bn2", Conv(b, $"{path}.conv2", y, channels, 3));
        string shortcut = stride == 1 && b.ChannelsOf(x) == channels
            ? x
            : b.BatchNorm($"{path}.downsample.1", Conv(b, $"{path}.downsample.0", x, channels, 1, stride));
        return b.Relu(path, b.Add($"{path}.add", y, shortcut));
    }

    private static string Conv(GraphBuilder b, string path, string x, int channels, int kernel, int stride = 1) =>
        b.Conv(path, x, channels, kernel, stride, padding: kernel / 2, initialization: Initialization.KaimingFanOut((long)channels * kernel * kernel));
}
