using System.Globalization;

namespace DistillSharp.Graph.Analysis;

/// <summary>An integer that shape arithmetic works with: a number, the size of a named dimension, or unknown.</summary>
/// <param name="Value">The number, or null.</param>
/// <param name="Symbol">The dimension's name if the number is not known, or null.</param>
internal readonly record struct SymbolicInteger(long? Value, string? Symbol)
{
    public static SymbolicInteger Of(long value) => new(value, null);

    public static SymbolicInteger Of(Dimension size) => new(size.Size, size.Symbol);

    /// <summary>The dimension of this size; unknown for what is no size.</summary>
    public Dimension Dimension => Value is >= 0 and { } size ? Dimension.Of(size) : Value is null && Symbol is not null ? Dimension.Named(Symbol) : Dimension.Unknown;

    /// <summary>Arithmetic where it is cheap to tell: on numbers, and with 0, 1 and equal names.</summary>
    public static SymbolicInteger Combine(string operation, SymbolicInteger a, SymbolicInteger b)
    {
        if (a.Value is { } x && b.Value is { } y)
        {
            return operation switch
            {
                "Add" => Of(unchecked(x + y)),
                "Sub" => Of(unchecked(x - y)),
                "Mul" => Of(unchecked(x * y)),
                "Div" when y is not 0 and not -1 => Of(x / y),
                "Min" => Of(Math.Min(x, y)),
                "Max" => Of(Math.Max(x, y)),
                _ => default,
            };
        }

        bool same = a.Symbol is not null && a == b;
        return operation switch
        {
            "Add" => b.Value == 0 ? a : a.Value == 0 ? b : default,
            "Sub" => b.Value == 0 ? a : same ? Of(0) : default,
            "Mul" => b.Value == 1 ? a : a.Value == 1 ? b : a.Value == 0 || b.Value == 0 ? Of(0) : default,
            "Div" => b.Value == 1 ? a : default,
            "Min" or "Max" => same ? a : default,
            _ => default,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Value?.ToString(CultureInfo.InvariantCulture) ?? Symbol ?? "?";
}
