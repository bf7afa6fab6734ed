using DistillSharp.Graph.Builder;

namespace DistillSharp.Graph.Zoo;

/// <summary>Wide residual networks (Zagoruyko and Komodakis, arXiv:1605.07146): norm and ReLU before each convolution. Convolutions: Kaiming normal, fan out; norms 1 and 0; output bias 0.</summary>
public static class WideResNet
{
    /// <summary>16 layers, width 1.</summary>
    /// <param name="options">The options.</param>
    [Model("wrn-16-1", "Wide residual network, 16 layers, width 1 (arXiv:1605.07146)")]
    public static ModelGraph Wrn16x1(WideResNetOptions options) => Create("wrn-16-1", 16, 1, options);

    /// <summary>16 layers, width 2.</summary>
    /// <param name="options">The options.</param>
    [Model("wrn-16-2", "Wide residual network, 16 layers, width 2 (arXiv:1605.07146)")]
    public static ModelGraph Wrn16x2(WideResNetOptions options) => Create("wrn-16-2", 16, 2, options);

    /// <summary>40 layers, width 1.</summary>
    /// <param name="options">The options.</param>
    [Model("wrn-40-1", "Wide residual network, 40 layers, width 1 (arXiv:1605.07146)")]
    public static ModelGraph Wrn40x1(WideResNetOptions options) => Create("wrn-40-1", 40, 1, options);

    /// <summary>40 layers, width 2.</summary>
    /// <param name="options">The options.</param>
    [Model("wrn-40-2", "Wide residual network, 40 layers, width 2 (arXiv:1605.07146)")]
    public static ModelGraph Wrn40x2(WideResNetOptions options) => Create("wrn-40-2", 40, 2, options);

    private static ModelGraph Create(string key, int depth, int width, WideResNetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.RequireAtLeast(key, 8);
        int blocks = (depth - 4) / 6;
        var b = new GraphBuilder(key);
        string x = Conv(b, "conv1", b.Input(options.Channels, options.Height, options.Width), 16, 3, 1);
        for (int stage = 1; stage <= 3; stage++)
        {
            for (int i = 0; i < blocks; i++)
            {
                x = Block(b, $"block{stage}.layer.{i}", x, (16 << (stage - 1)) * width, stage > 1 && i == 0 ? 2 : 1, options.Dropout);
            }
        }

        x = b.Relu("relu", b.BatchNorm("bn1", x));
        x = b.Flatten("flatten", b.GlobalAveragePool("avgpool", x));
        return b.Build(b.Linear("fc", x, options.Classes, zeroBias: true));
    }

    private static string Block(GraphBuilder b, string path, string x, int channels, int stride, double dropout)
    {
        string normed = b.Relu($"{path}.relu1", b.BatchNorm($"{path}.bn1", x));
        string y = Conv(b, $"{path}.conv1", normed, channels, 3, stride);
        y = b.Relu($"{path}.relu2", b.BatchNorm($"{path}.bn2", y));
        y = Conv(b, $"{path}.conv2", b.Dropout($"{path}.dropout", y, dropout), channels, 3, 1);

        // Where the shape changes, the shortcut starts from the normed value; elsewhere from the raw one.
        string shortcut = b.ChannelsOf(x) == channels ? x : b.Conv($"{path}.convShortcut", normed, channels, 1, stride, initialization: Initialization.KaimingFanOut(channels));
        return b.Add(path, y, shortcut);
    }

    private static string Conv(GraphBuilder b, string path, string x, int channels, int kernel, int stride) =>
        b.Conv(path, x, channels, kernel, stride, padding: kernel / 2, initialization: Initialization.KaimingFanOut((long)channels * kernel * kernel));
}

/// <summary>The options of <see cref="WideResNet"/>.</summary>
public sealed record WideResNetOptions : ModelOptions
{
    /// <summary>The share of units dropped between a block's convolutions in training, 0 up to 1. Default 0.</summary>
    public double Dropout
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Dropout), value, "Dropout must be 0 or more and below 1; 0.3 in the paper.");
    }
}
