using static TorchSharp.torch;

namespace DistillSharp.Execution;

/// <summary>Running statistics that fit the present weights.</summary>
public sealed partial class GraphExecutor
{
    /// <summary>
    /// Sets the running statistics of batch norms to the means of the batches' statistics under the present weights, each batch counting alike. Weights stay; without a batch, so do
    /// the statistics.
    /// </summary>
    /// <param name="inputs">The only input for each batch, in the executor's precision and on its device; disposed here.</param>
    public void RecomputeStatistics(IEnumerable<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        using var guard = no_grad();
        int seen = 0;
        try
        {
            foreach (var input in inputs)
            {
                using (input)
                {
                    _frame.BatchShare = 1.0 / ++seen;
                    using var outputs = Train(input, step: 0);
                }
            }
        }
        finally
        {
            _frame.BatchShare = null;
        }
    }
}
