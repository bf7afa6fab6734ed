using DistillSharp.Graph.Builder;

namespace DistillSharp.Graph.Zoo;

/// <summary>Fully connected networks: flattened pictures, ReLU layers of any widths, a linear output.</summary>
public static class Mlp
{
    /// <summary>Writes the model. Weights: normal with deviation sqrt(2 / fan in) (arXiv:1502.01852), the output layer's sqrt(1 / fan in), or one deviation for all; biases 0.</summary>
    /// <param name="options">The options.</param>
    [Model("mlp", "Fully connected ReLU layers of any widths, with dropout")]
    public static ModelGraph Create(MlpOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var b = new GraphBuilder("mlp");
        string x = b.Input(options.Channels, options.Height, options.Width);
        x = b.Dropout("input_dropout", b.Flatten("flatten", x), options.InputDropout);
        for (int i = 1; i <= options.Widths.Count; i++)
        {
            x = b.Linear($"fc{i}", x, options.Widths[i - 1], Initialization.Normal(options.Deviation ?? Math.Sqrt(2.0 / b.ChannelsOf(x))));
            x = b.Dropout($"dropout{i}", b.Relu($"relu{i}", x), options.Dropout);
        }

        return b.Build(b.Linear($"fc{options.Widths.Count + 1}", x, options.Classes, Initialization.Normal(options.Deviation ?? Math.Sqrt(1.0 / b.ChannelsOf(x)))));
    }
}

/// <summary>The options of <see cref="Mlp"/>.</summary>
public sealed record MlpOptions : ModelOptions
{
    /// <summary>The units of each hidden layer, 1 or more each. Default 800, 800.</summary>
    public IReadOnlyList<int> Widths
    {
        get;
        init => field = value.All(width => width >= 1) ? value : throw new ArgumentOutOfRangeException(nameof(Widths), $"[{string.Join(", ", value)}]", "A hidden layer has 1 unit or more.");
    } = [800, 800];

    /// <summary>The share of hidden units dropped in training, 0 up to 1. Default 0.</summary>
    public double Dropout
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Dropout), value, "Dropout must be 0 or more and below 1; 0.5 in practice.");
    }

    /// <summary>The share of pixels dropped in training, 0 up to 1. Default 0.</summary>
    public double InputDropout
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(InputDropout), value, "Dropout must be 0 or more and below 1; 0.2 for pixels in practice.");
    }

    /// <summary>The standard deviation of all initial weights, above 0; null (default) for one that keeps the size of the activations. The networks of arXiv:1207.0580 start at 0.01.</summary>
    public double? Deviation
    {
        get;
        init => field = value is null or (> 0 and <= 10) ? value : throw new ArgumentOutOfRangeException(nameof(Deviation), value, "The weights' deviation must be above 0 and at most 10; 0.01 to 0.05 in practice.");
    }
}
