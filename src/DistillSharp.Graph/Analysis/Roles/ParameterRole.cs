namespace DistillSharp.Graph.Analysis.Roles;

/// <summary>What a graph does with an initializer.</summary>
public enum ParameterRole
{
    /// <summary>It multiplies and sums: the filters of a convolution, the matrix of a product. Weight decay concerns weights, and nothing else.</summary>
    Weight,

    /// <summary>It is added to features: the bias of a layer or a norm.</summary>
    Bias,

    /// <summary>It multiplies features one by one: the scale of a norm, a LayerScale, the slopes of a PRelu.</summary>
    Scale,

    /// <summary>It is looked up, or belongs to positions: a table of tokens, a position embedding, a class token.</summary>
    Embedding,

    /// <summary>It is a mean or variance of the data: no gradient changes it, only batches do.</summary>
    Statistic,

    /// <summary>It is part of the formula: an epsilon, a factor, a mask, the mean that preprocessing subtracts.</summary>
    Constant,
}
