namespace DistillSharp.Graph.Analysis.Roles;

/// <summary>An initializer and what the graph does with it.</summary>
/// <param name="Name">The initializer's name.</param>
/// <param name="Role">Its role. One that is marked trainable has the role that its readers give it, even where the graph alone would make it a constant.</param>
/// <param name="Learnable">Whether the graph shows that it is learned. This is what decides in a file from elsewhere.</param>
/// <param name="Trains">Whether it is marked trainable.</param>
/// <param name="Reason">Why, without a full stop: <c>the bias of Conv 'stem'</c>, <c>meets only the input: preprocessing</c>.</param>
public sealed record RoledParameter(string Name, ParameterRole Role, bool Learnable, bool Trains, string Reason)
{
    /// <summary>Whether it holds several floats and no statistic, so that a reader may take it for a weight: where it is not trained, that is worth a line.</summary>
    public bool IsNotable { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"'{Name}' ({Role.ToString().ToLowerInvariant()}): {Reason}";
}
