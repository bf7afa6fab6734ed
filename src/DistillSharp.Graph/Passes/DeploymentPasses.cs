namespace DistillSharp.Graph.Passes;

/// <summary>
/// The passes that make a file for the edge of a trained model: only the outputs that are wanted, norms folded into convolutions, and nothing left that could
/// have been worked out. At fixed sizes that is all arithmetic on shapes, a detector's grid of cells included.
/// </summary>
public static class DeploymentPasses
{
    /// <summary>More than any grid of cells, and less than a weight: pictures of 4096x4096 have 344,064 cells.</summary>
    private const int MaxElements = 1 << 20;

    /// <summary>A file for exactly one size of its input.</summary>
    /// <param name="sizes">For each named dimension its size: <c>batch</c>, <c>height</c>, <c>width</c>.</param>
    /// <param name="outputs">The outputs that stay, in order; none means all of them.</param>
    public static PassPipeline Static(IReadOnlyDictionary<string, long> sizes, params IReadOnlyList<string> outputs)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        return new([.. Kept(outputs), new FixedSizePass(sizes), .. Folding()]);
    }

    /// <summary>A file that takes any size: named dimensions stay as they are.</summary>
    /// <param name="outputs">The outputs that stay, in order; none means all of them.</param>
    public static PassPipeline Dynamic(params IReadOnlyList<string> outputs) => new([.. Kept(outputs), .. Folding()]);

    private static IEnumerable<GraphPass> Kept(IReadOnlyList<string> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        return outputs.Count > 0 ? [new ExtractPass([], outputs)] : [];
    }

    private static IEnumerable<GraphPass> Folding() =>
    [
        new ConstantFoldingPass(new() { MaxElements = MaxElements }),
        new FoldBatchNormPass(),
        new RemoveIdentityPass(new()),
        new RemoveDeadPass(new()),
    ];
}
