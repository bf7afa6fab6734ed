using DistillSharp.Graph.Builder;

namespace DistillSharp.Graph.Zoo;

/// <summary>
/// VGG networks with batch normalisation for small pictures (Simonyan and Zisserman, arXiv:1409.1556), as the distillation
/// literature has them: five blocks, one linear layer. Convolutions: Kaiming normal, fan out, bias 0; norms 1 and 0; output normal 0.01.
/// </summary>
public static class Vgg
{
    private static readonly int[] s_widths = [64, 128, 256, 512, 512];

    /// <summary>One convolution a block.</summary>
    /// <param name="options">The options.</param>
    [Model("vgg8", "VGG with batch normalisation, 8 layers (arXiv:1409.1556)")]
    public static ModelGraph Vgg8(ModelOptions options) => Create("vgg8", 1, options);

    /// <summary>Two convolutions a block.</summary>
    /// <param name="options">The options.</param>
    [Model("vgg13", "VGG with batch normalisation, 13 layers (arXiv:1409.1556)")]
    public static ModelGraph Vgg13(ModelOptions options) => Create("vgg13", 2, options);

    private static ModelGraph Create(string key, int convolutions, ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.RequireAtLeast(key, 8);
        var b = new GraphBuilder(key);
        string x = b.Input(options.Channels, options.Height, options.Width);
        for (int block = 0; block < s_widths.Length; block++)
        {
            for (int i = 0; i < convolutions; i++)
            {
                // A block is a sequence of convolution, norm, ReLU: three places each in the checkpoint's numbering.
                int width = s_widths[block], place = 3 * i;
                x = b.Conv($"block{block}.{place}", x, width, 3, padding: 1, bias: true, initialization: Initialization.KaimingFanOut(9L * width));
                x = b.Relu($"block{block}.{place + 2}", b.BatchNorm($"block{block}.{place + 1}", x));
            }

            // The fourth pooling is for 64x64 pictures; at 32x32 four rows and columns are left for the last block.
            if (block < 3 || (block == 3 && options.Height >= 64))
            {
                x = b.MaxPool($"pool{block}", x, 2, 2);
            }
        }

        x = b.Flatten("flatten", b.GlobalAveragePool("pool4", x));
        return b.Build(b.Linear("classifier", x, options.Classes, Initialization.Normal(0.01)));
    }
}
