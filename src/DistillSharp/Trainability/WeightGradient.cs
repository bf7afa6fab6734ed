namespace DistillSharp.Trainability;

/// <summary>What became of a trainable weight's gradient.</summary>
public enum GradientState
{
    /// <summary>It is there, every element a finite number.</summary>
    Present,

    /// <summary>It is 0 with the file's own numbers, but not with others: the weight is connected, and something behind it is 0.</summary>
    ZeroForNow,

    /// <summary>It is 0 whatever the weights are: no outputs that are learnt from depend on the weight through operators that pass gradients on.</summary>
    Absent,

    /// <summary>It holds elements that are infinite or no numbers.</summary>
    NotFinite,

    /// <summary>Nothing that leads to the outputs reads the weight.</summary>
    Unread,
}

/// <summary>A trainable weight and what became of its gradient.</summary>
/// <param name="Name">The weight's name.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="State">What became of its gradient.</param>
public sealed record WeightGradient(string Name, IReadOnlyList<long> Shape, GradientState State)
{
    /// <summary>Whether the weight is trained: its gradient reaches it and is finite.</summary>
    public bool Trains => State is GradientState.Present or GradientState.ZeroForNow;

    /// <inheritdoc/>
    public override string ToString() => $"'{Name}' [{string.Join(", ", Shape)}]: {State switch
    {
        GradientState.Present => "a finite gradient",
        GradientState.ZeroForNow => "connected, but its gradient is 0 with the file's own numbers",
        GradientState.Absent => "no gradient reaches it",
        GradientState.NotFinite => "its gradient is not finite",
        _ => "nothing that leads to the outputs reads it",
    }}";
}
