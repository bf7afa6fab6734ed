namespace DistillSharp.Graph;

/// <summary>A named value of a graph with what is known of its type and shape: an input, an output, or one between.</summary>
/// <param name="Name">The value's name.</param>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The dimensions, or null if not even the rank is known.</param>
public sealed record GraphValue(string Name, ElementType Type, IReadOnlyList<Dimension>? Shape)
{
    /// <summary>The declaration as a file had it, for kinds of values that are no tensors; null for tensors.</summary>
    internal ReadOnlyMemory<byte>? Declaration { get; init; }

    /// <summary>What the file says of a tensor besides type and shape (documentation, metadata), kept for writing it back. Empty if nothing.</summary>
    internal ReadOnlyMemory<byte> Unshown { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Shape is null ? $"{Name}: {Type}" : $"{Name}: {Type} [{string.Join(", ", Shape)}]";
}
