using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Quantization;
using DistillSharp.Graph.Quantization.Observers;

namespace DistillSharp.Runtime.Calibration;

/// <summary>Runs a float graph over calibration samples and shows its inner values to observers.</summary>
public static class Calibrator
{
    /// <summary>Chooses the ranges of the values that a plan wants observed.</summary>
    /// <param name="graph">The float graph the plan was made for; it has one input.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="set">The samples.</param>
    /// <param name="createObserver">Makes the observer of a group of values that share a scale.</param>
    /// <param name="threads">Threads of ONNX Runtime, 0 for one a core.</param>
    /// <param name="progress">Told the share done, 0 to 1.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <returns>The range of each value of the plan.</returns>
    /// <exception cref="GraphException">The samples do not fit the model, or a value holds NaN or infinity; the message names it.</exception>
    public static IReadOnlyDictionary<string, QuantizationRange> Calibrate(
        ModelGraph graph,
        QuantizationPlan plan,
        CalibrationSet set,
        Func<RangeObserver> createObserver,
        int threads = 0,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(createObserver);
        var observers = plan.Values.Select(value => value.Group).Distinct().ToDictionary(group => group, _ => createObserver());
        var groups = plan.Observed.ToDictionary(value => value.Name, value => value.Group, StringComparer.Ordinal);
        int passes = observers.Values.Max(observer => observer.Passes);
        using var tapped = new TappedSession(graph, [.. groups.Keys], threads);
        for (int pass = 0; pass < passes; pass++)
        {
            int done = 0;
            foreach (var batch in set.Batches(cancellation))
            {
                tapped.Run(batch, (name, values, _) => Observe(observers[groups[name]], name, values), cancellation);
                foreach (var observer in observers.Values)
                {
                    observer.EndBatch();
                }

                done += (int)batch.Shape[0];
                progress?.Report((pass + ((double)done / set.Count)) / passes);
            }

            if (done == 0)
            {
                throw new GraphException("None of the calibration samples can be read, so nothing is known of the activations' ranges.");
            }

            foreach (var observer in observers.Values)
            {
                observer.EndPass();
            }
        }

        // Values that share a scale are told apart again where some of their nodes stay in float.
        var ranges = observers.ToDictionary(pair => pair.Key, pair => pair.Value.Range());
        return plan.Values.ToDictionary(value => value.Name, value => ranges[value.Group], StringComparer.Ordinal);
    }

    private static void Observe(RangeObserver observer, string name, ReadOnlySpan<float> values)
    {
        try
        {
            observer.Observe(values);
        }
        catch (ArgumentException error)
        {
            throw new GraphException($"The value '{name}' cannot be calibrated: {error.Message.Split(" (Parameter", 2)[0]} Check the model's weights and the samples' normalisation.", error);
        }
    }
}
