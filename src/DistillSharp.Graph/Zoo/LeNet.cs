using DistillSharp.Graph.Builder;

namespace DistillSharp.Graph.Zoo;

/// <summary>LeNet-5 (LeCun et al., Proceedings of the IEEE, 1998) as it is used today: ReLU and max pooling, fully connected third stage.</summary>
public static class LeNet
{
    /// <summary>Writes the model; pictures below 32 are padded by 2 pixels. Weights: PyTorch's defaults.</summary>
    /// <param name="options">The options; pictures of at least 28x28.</param>
    [Model("lenet5", "LeNet-5 with ReLU and max pooling (LeCun et al. 1998)")]
    public static ModelGraph Create(ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.RequireAtLeast("lenet5", 28);
        var b = new GraphBuilder("lenet5");
        string x = b.Input(options.Channels, options.Height, options.Width);
        int padding = Math.Min(options.Height, options.Width) < 32 ? 2 : 0;
        x = b.MaxPool("pool1", b.Relu("relu1", b.Conv("conv1", x, 6, kernel: 5, padding: padding, bias: true)), 2, 2);
        x = b.MaxPool("pool2", b.Relu("relu2", b.Conv("conv2", x, 16, kernel: 5, bias: true)), 2, 2);
        x = b.Relu("relu3", b.Linear("fc1", b.Flatten("flatten", x), 120));
        x = b.Relu("relu4", b.Linear("fc2", x, 84));
        return b.Build(b.Linear("fc3", x, options.Classes));
    }
}
