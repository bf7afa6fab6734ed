namespace DistillSharp.Graph;

/// <summary>A named constant of a graph: a weight, a running statistic, or a shape.</summary>
public sealed class Initializer
{
    /// <summary>Creates an initialiser.</summary>
    /// <param name="name">The name, as PyTorch checkpoints spell it: <c>layer1.0.conv1.weight</c>.</param>
    /// <param name="data">The elements.</param>
    /// <param name="trainable">Whether training may change it through a gradient; running statistics are not trainable.</param>
    public Initializer(string name, TensorData data, bool trainable)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Data = data;
        Trainable = trainable;
    }

    /// <summary>The name, as PyTorch checkpoints spell it.</summary>
    public string Name { get; }

    /// <summary>The elements.</summary>
    public TensorData Data { get; set; }

    /// <summary>Whether training may change it through a gradient; running statistics are not trainable.</summary>
    public bool Trainable { get; set; }

    /// <summary>Whether a training leaves it as it is although the file does not say so: no gradient changes it, and as a statistic no batch does. It is not written to files.</summary>
    public bool Frozen { get; set; }

    /// <summary>How a fresh model fills it, or null for a constant that is never drawn.</summary>
    public Initialization? Initialization { get; set; }

    /// <summary>What the file says of the tensor that is not shown (documentation, metadata), kept for writing it back. Empty if nothing.</summary>
    internal ReadOnlyMemory<byte> Unshown { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Data.Type} [{string.Join(", ", Data.Shape)}]";
}
