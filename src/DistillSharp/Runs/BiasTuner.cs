using DistillSharp.Graph;
using DistillSharp.Runtime;
using DistillSharp.Tasks.Classification;

namespace DistillSharp.Runs;

/// <summary>
/// Tunes the last layer's bias of classes the student never saw, so that the errors on all held-out samples together are
/// fewest: what section 3 of arXiv:1503.02531 does for the omitted 3.
/// </summary>
public static class BiasTuner
{
    /// <summary>Finds the offsets, one class after the other.</summary>
    /// <param name="heldOut">The model's answers on held-out training samples of all classes.</param>
    /// <param name="classes">The classes to tune.</param>
    /// <returns>What to add to each class's bias.</returns>
    public static IReadOnlyDictionary<int, double> Find(Evaluation heldOut, IReadOnlyList<int> classes)
    {
        ArgumentNullException.ThrowIfNull(heldOut);
        ArgumentNullException.ThrowIfNull(classes);
        float[] logits = [.. heldOut.Logits];
        var offsets = new Dictionary<int, double>();
        foreach (int tuned in classes)
        {
            double offset = FindOne(logits, heldOut.Labels, heldOut.ClassCount, tuned);
            float[] moved = [.. logits];
            for (int i = 0; i < heldOut.Labels.Length; i++)
            {
                moved[(i * heldOut.ClassCount) + tuned] += (float)offset;
            }

            // Zero can lie in a better gap, too narrow to be looked at: then it stays.
            bool worse = Errors(moved, heldOut) > Errors(logits, heldOut);
            offsets[tuned] = worse ? 0 : offset;
            logits = worse ? logits : moved;
        }

        return offsets;
    }

    /// <summary>Adds offsets to the bias of the layer that makes the logits.</summary>
    /// <param name="graph">The model; it is not changed.</param>
    /// <param name="offsets">What to add to each class's bias.</param>
    /// <returns>The changed model.</returns>
    /// <exception cref="GraphException">The logits are not made by a layer with a bias of its own.</exception>
    public static ModelGraph Apply(ModelGraph graph, IReadOnlyDictionary<int, double> offsets)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(offsets);
        var changed = graph.Clone();
        string logits = changed.Outputs[0].Name;
        var last = changed.Nodes.FirstOrDefault(node => node.Outputs.Contains(logits));
        if (last is not { Operation: "Gemm" } || changed.FindInitializer(last.InputOrNull(2)) is not { } bias || changed.Nodes.Count(node => node.Inputs.Contains(bias.Name)) != 1)
        {
            throw new GraphException($"The bias cannot be tuned: '{logits}' is made by {last?.ToString() ?? "nothing"}, not by a Gemm with a bias of its own.");
        }

        var values = bias.Data.AsSpan<float>();
        foreach (var (tuned, offset) in offsets)
        {
            values[tuned] += (float)offset;
        }

        return changed;
    }

    private static int Errors(float[] logits, Evaluation heldOut) =>
        Enumerable.Range(0, heldOut.Labels.Length).Count(i => ClassificationScore.Predict(logits.AsSpan(i * heldOut.ClassCount, heldOut.ClassCount)) != heldOut.Labels[i]);

    /// <summary>
    /// A sample is taken for the tuned class once the offset passes its threshold, the lead of its best other class. So
    /// errors change only at thresholds, and one sorted sweep finds the best offset exactly: the middle of the widest best gap.
    /// </summary>
    private static double FindOne(float[] logits, int[] labels, int classes, int tuned)
    {
        var samples = new List<(double Threshold, int Change)>(labels.Length);
        double largest = 0;
        int errors = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            var row = logits.AsSpan(i * classes, classes);
            int other = tuned == 0 ? 1 : 0;
            for (int j = 0; j < classes; j++)
            {
                other = j != tuned && row[j] > row[other] ? j : other;
            }

            // From "never the tuned class" to "always": one error less for its own, one more where the other was right.
            errors += other == labels[i] ? 0 : 1;
            int change = labels[i] == tuned ? -1 : other == labels[i] ? 1 : 0;
            if (change != 0 && float.IsFinite(row[other]) && float.IsFinite(row[tuned]))
            {
                samples.Add((row[other] - (double)row[tuned], change));
                largest = Math.Max(largest, Math.Max(Math.Abs((double)row[other]), Math.Abs((double)row[tuned])));
            }
        }

        if (samples.Count == 0)
        {
            return 0;
        }

        // A gap narrower than some roundings of the largest logit cannot be hit in float32, so it is none.
        double narrow = 1e-6 * largest, beyond = Math.Max(1, 4 * narrow);
        samples.Sort((a, b) => a.Threshold.CompareTo(b.Threshold));
        double best = samples[0].Threshold - beyond, width = 0;
        int fewest = errors;
        for (int i = 0; i < samples.Count; i++)
        {
            errors += samples[i].Change;
            double gap = i + 1 < samples.Count ? samples[i + 1].Threshold - samples[i].Threshold : beyond;
            if (gap > narrow && (errors < fewest || (errors == fewest && gap > width)))
            {
                (fewest, width, best) = (errors, gap, samples[i].Threshold + (gap / 2));
            }
        }

        return best;
    }
}
