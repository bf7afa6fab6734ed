using DistillSharp.Execution;
using DistillSharp.Tasks.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Training;

/// <summary>
/// Proves before the first step that every term teaches: its value is finite and its gradient reaches the student. A
/// detached student or a mis-loaded teacher would train happily and teach nothing.
/// </summary>
public static class ObjectiveCheck
{
    /// <summary>Runs one batch forward and each term backward. Weights stay as they are; running statistics are put back, also after a refusal.</summary>
    /// <param name="executor">The student.</param>
    /// <param name="objective">The objective.</param>
    /// <param name="batch">A batch of training pictures.</param>
    /// <returns>The norm of the gradient each term sends into the student, before its weight, by key.</returns>
    /// <exception cref="InvalidOperationException">A term is not finite or sends no gradient; the message names it.</exception>
    public static IReadOnlyDictionary<string, double> Verify(GraphExecutor executor, Objective objective, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(executor);
        ArgumentNullException.ThrowIfNull(objective);
        return Verify(executor, objective.TermKeys, new ClassificationTask.Labelled(batch, objective));
    }

    /// <summary>The same for any task's batch.</summary>
    /// <param name="executor">The student.</param>
    /// <param name="keys">The terms' keys.</param>
    /// <param name="batch">A batch of training pictures.</param>
    /// <param name="companions">What is trained beside it; gradients are put back to zero.</param>
    internal static IReadOnlyDictionary<string, double> Verify(GraphExecutor executor, IReadOnlyList<string> keys, TrainingBatch batch, params IReadOnlyList<Companion> companions)
    {
        var norms = new Dictionary<string, double>(StringComparer.Ordinal);
        using var statistics = executor.Statistics.Values.clone();
        try
        {
            Measure(executor, keys, batch, norms);
        }
        finally
        {
            executor.ZeroGradients();
            foreach (var companion in companions)
            {
                companion.ZeroGradients();
            }

            using var guard = no_grad();
            executor.Statistics.Values.copy_(statistics);
        }

        return norms;
    }

    private static void Measure(GraphExecutor executor, IReadOnlyList<string> keys, TrainingBatch batch, Dictionary<string, double> norms)
    {
        using var scope = NewDisposeScope();
        var input = batch.Input(executor, step: 0);
        using var outputs = executor.Train(input, step: 0);
        var terms = batch.Terms(outputs, executor, default);
        for (int i = 0; i < terms.Count; i++)
        {
            string key = keys[i];
            var value = terms[i].Value;
            double loss = value.ToDouble();
            if (!double.IsFinite(loss))
            {
                throw new InvalidOperationException($"The term '{key}' is {loss} on the first batch. Check the pictures, the teacher and the loss's options.");
            }

            executor.ZeroGradients();
            if (value.requires_grad)
            {
                value.backward(null, retain_graph: i + 1 < terms.Count);
            }

            norms[key] = executor.Gradients.norm().ToDouble();
            if (norms[key] == 0 || !double.IsFinite(norms[key]))
            {
                throw new InvalidOperationException(
                    $"The term '{key}' sends a gradient of norm {norms[key]} into the student on the first batch, so it would teach nothing. Is the teacher the student itself, or the student cut off?");
            }
        }
    }
}
