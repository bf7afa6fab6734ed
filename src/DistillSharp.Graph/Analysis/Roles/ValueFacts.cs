namespace DistillSharp.Graph.Analysis.Roles;

/// <summary>What is known of a value from the nodes before it.</summary>
internal sealed record ValueFacts
{
    /// <summary>A value that no input of the graph reaches, of unknown shape.</summary>
    public static ValueFacts Fixed { get; } = new();

    /// <summary>Whether it depends on the numbers of an input; its size may depend on them without that.</summary>
    public bool Fed { get; init; }

    /// <summary>Whether a layer or a norm lies between the input and it.</summary>
    public bool Weighted { get; init; }

    /// <summary>What it comes from directly, but for its layout and the factors and summands of the same layer.</summary>
    public Origin Behind { get; init; }

    /// <summary>How many features the product behind it makes; null if unknown.</summary>
    public long? Features { get; init; }

    /// <summary>Whether it divides: the reciprocal or a power of something that is fed.</summary>
    public bool Inverse { get; init; }

    /// <summary>Whether a fixed value is worked out through a root, as the deviation of a written-out norm is.</summary>
    public bool Rooted { get; init; }

    /// <summary>A fixed value's shape; null if unknown.</summary>
    public IReadOnlyList<long>? Shape { get; init; }

    /// <summary>What a value comes from.</summary>
    public enum Origin
    {
        /// <summary>Something else.</summary>
        Other,

        /// <summary>A convolution or a matrix product with a weight.</summary>
        Product,

        /// <summary>A norm, also one written out as a division.</summary>
        Norm,
    }
}
