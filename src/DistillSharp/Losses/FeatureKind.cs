namespace DistillSharp.Losses;

/// <summary>Which values inside a model a loss compares, where a recipe names no taps.</summary>
public enum FeatureKind
{
    /// <summary>None.</summary>
    None,

    /// <summary>The last map of each stage, <c>[N, C, H, W]</c>, after its activation.</summary>
    Maps,

    /// <summary>The map in the middle of the stages, after its activation: a hint.</summary>
    MiddleMap,

    /// <summary>The last map before pooling, <c>[N, C, H, W]</c>.</summary>
    LastMap,

    /// <summary>The last map of each stage before its activation.</summary>
    PreActivations,

    /// <summary>What goes into the last layer, <c>[N, D]</c>.</summary>
    Embedding,

    /// <summary>The last map of each stage, then the embedding.</summary>
    MapsAndEmbedding,

    /// <summary>Hidden states of tokens, <c>[N, L, D]</c>.</summary>
    Tokens,

    /// <summary>Attention scores before the softmax, <c>[N, heads, L, L]</c>.</summary>
    Attention,

    /// <summary>Attention scores of every layer, then hidden states of every layer, the embedding's first.</summary>
    AttentionAndTokens,

    /// <summary>Queries, keys and values of one layer, each <c>[N, L, D]</c>, heads side by side.</summary>
    QueryKeyValue,
}
