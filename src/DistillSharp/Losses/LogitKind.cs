namespace DistillSharp.Losses;

/// <summary>What a loss's logits are of, where models give several kinds of them.</summary>
public enum LogitKind
{
    /// <summary>Classes: one row a sample, or one a cell of a detector.</summary>
    Classes,

    /// <summary>How far the sides of a box are away: distributions over distances, four rows a cell of a detector (arXiv:2006.04388).</summary>
    BoxSides,
}
