namespace DistillSharp.Weights;

/// <summary>How weights are put into a model.</summary>
public sealed record GraphWeightsOptions
{
    /// <summary>
    /// The modules (<c>model.23.cv3</c>, <c>fc</c>) whose weights may have another shape than the checkpoint's, because the model tells other
    /// classes apart: such weights are drawn anew and named in the report. Everything else must fit. Default none: everything must fit.
    /// </summary>
    public IReadOnlyList<string> Redrawn
    {
        get;
        init => field = value is not null && value.All(module => !string.IsNullOrEmpty(module)) ? value : throw new ArgumentException("The modules that may be drawn anew have names.", nameof(Redrawn));
    } = [];

    /// <summary>What the weights that are drawn anew are drawn from. Default 0.</summary>
    public long Seed { get; init; }
}
