using System.Globalization;

namespace DistillSharp.Graph;

/// <summary>One dimension of a value: a fixed size, a named one (<c>batch</c>), or unknown.</summary>
public readonly record struct Dimension
{
    private Dimension(long? size, string? symbol) => (Size, Symbol) = (size, symbol);

    /// <summary>The size, or null if it is not fixed.</summary>
    public long? Size { get; }

    /// <summary>The name of a size that is not fixed, or null.</summary>
    public string? Symbol { get; }

    /// <summary>A size nothing is known of.</summary>
    public static Dimension Unknown => default;

    /// <summary>A fixed size.</summary>
    /// <param name="size">The size, 0 or more.</param>
    public static Dimension Of(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return new(size, null);
    }

    /// <summary>A named size, such as <c>batch</c>.</summary>
    /// <param name="symbol">The name.</param>
    public static Dimension Named(string symbol) => new(null, symbol);

    /// <summary>A fixed size.</summary>
    /// <param name="size">The size, 0 or more.</param>
    public static implicit operator Dimension(long size) => Of(size);

    /// <inheritdoc/>
    public override string ToString() => Size?.ToString(CultureInfo.InvariantCulture) ?? Symbol ?? "?";
}
