using DistillSharp.Execution;
using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Training;

/// <summary>Measures how much gradient each term sends into a model: one backward pass a term, so it is done now and then.</summary>
internal static class TermGradients
{
    /// <summary>The norm of each term's gradient before its weight. The graph of the terms stays; all gradients are zero afterwards.</summary>
    /// <param name="executor">The model.</param>
    /// <param name="terms">The terms: weight and scalar.</param>
    /// <param name="companions">What is trained beside it, whose gradients are not to be disturbed.</param>
    public static double[] Measure(GraphExecutor executor, IReadOnlyList<(double Weight, Tensor Value)> terms, IReadOnlyList<Companion> companions)
    {
        double[] norms = new double[terms.Count];
        for (int i = 0; i < norms.Length; i++)
        {
            executor.ZeroGradients();
            if (terms[i].Value.requires_grad)
            {
                terms[i].Value.backward(null, retain_graph: true);
            }

            using var norm = executor.Gradients.norm();
            norms[i] = norm.ToDouble();
        }

        executor.ZeroGradients();
        foreach (var companion in companions)
        {
            companion.ZeroGradients();
        }

        return norms;
    }
}
