using System.Globalization;

namespace DistillSharp.Graph;

/// <summary>How a fresh weight is drawn. Written into the file's metadata as text, so a saved graph can be drawn anew.</summary>
/// <param name="Kind">The distribution.</param>
/// <param name="Scale">Its parameter: the constant, the standard deviation, or the half-width of the uniform distribution.</param>
public sealed record Initialization(InitializationKind Kind, double Scale)
{
    /// <summary>Every element the same.</summary>
    /// <param name="value">The element.</param>
    public static Initialization Constant(double value) => new(InitializationKind.Constant, value);

    /// <summary>Normal around zero.</summary>
    /// <param name="standardDeviation">The standard deviation, 0 or more.</param>
    public static Initialization Normal(double standardDeviation) => new(InitializationKind.Normal, standardDeviation);

    /// <summary>Uniform between minus and plus a bound.</summary>
    /// <param name="bound">The bound, 0 or more.</param>
    public static Initialization Uniform(double bound) => new(InitializationKind.Uniform, bound);

    /// <summary>He et al. (arXiv:1502.01852), fan out, gain of ReLU: normal with deviation sqrt(2 / fanOut).</summary>
    /// <param name="fanOut">Output channels times kernel area, divided by the groups.</param>
    public static Initialization KaimingFanOut(long fanOut) => Normal(Math.Sqrt(2.0 / fanOut));

    /// <summary>PyTorch's default for Conv and Linear weights and biases: uniform within 1 / sqrt(fanIn).</summary>
    /// <param name="fanIn">Input channels per group times kernel area.</param>
    public static Initialization TorchDefault(long fanIn) => Uniform(1.0 / Math.Sqrt(fanIn));

    /// <summary>The text form, <c>normal(0.05)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind.ToString().ToLowerInvariant()}({Scale:R})");

    /// <summary>Reads the text form.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The initialisation, or null if the text is not one.</returns>
    public static Initialization? Parse(string text)
    {
        int open = text.IndexOf('(', StringComparison.Ordinal);
        return open > 0 && text.EndsWith(')')
            && Enum.TryParse(text.AsSpan(0, open), ignoreCase: true, out InitializationKind kind) && Enum.IsDefined(kind)
            && double.TryParse(text.AsSpan(open + 1, text.Length - open - 2), NumberStyles.Float, CultureInfo.InvariantCulture, out double scale) && double.IsFinite(scale)
            ? new(kind, scale)
            : null;
    }
}

/// <summary>The distributions a fresh weight is drawn from.</summary>
public enum InitializationKind
{
    /// <summary>Every element the same.</summary>
    Constant,

    /// <summary>Normal around zero.</summary>
    Normal,

    /// <summary>Uniform around zero.</summary>
    Uniform,
}
