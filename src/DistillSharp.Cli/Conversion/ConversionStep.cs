using DistillSharp.Graph.Passes;

namespace DistillSharp.Cli.Conversion;

/// <summary>What a pass may do to what a model answers.</summary>
internal enum Effect
{
    /// <summary>Nothing: the answers are the same up to the last digits.</summary>
    Same,

    /// <summary>It rounds: the answers are nearly the same.</summary>
    Rounds,
}

/// <summary>One step of a conversion.</summary>
/// <param name="Pass">The pass.</param>
/// <param name="Effect">What it may do to the answers.</param>
internal sealed record ConversionStep(GraphPass Pass, Effect Effect = Effect.Same);
