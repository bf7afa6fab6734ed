using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis.Roles;
using DistillSharp.Native;
using DistillSharp.Tasks.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Trainability;

/// <summary>One forward and one backward, and what they leave in every trainable weight's gradient.</summary>
/// <param name="Weights">The trainable weights.</param>
/// <param name="OutputShapes">The outputs' shapes by name.</param>
internal sealed record GradientTrial(IReadOnlyList<WeightGradient> Weights, IReadOnlyDictionary<string, long[]> OutputShapes)
{
    /// <summary>Runs the trial. Where a gradient is 0, a second run with drawn weights tells whether it must be.</summary>
    public static GradientTrial Run(ModelGraph graph, IReadOnlyDictionary<string, TensorData> feeds, IReadOnlyList<string> outputs)
    {
        using var executor = new GraphExecutor(graph, new() { Wanted = outputs });
        var (shapes, found) = Once(executor, feeds);
        if (found.ContainsValue(GradientState.Absent))
        {
            Draw(executor);
            var (_, second) = Once(executor, feeds);
            foreach (string name in found.Where(pair => pair.Value == GradientState.Absent && second[pair.Key] is GradientState.Present).Select(pair => pair.Key).ToList())
            {
                found[name] = GradientState.ZeroForNow;
            }
        }

        var weights = graph.Initializers.Where(initializer => initializer.Trainable)
            .Select(initializer => new WeightGradient(initializer.Name, initializer.Data.Shape, found.GetValueOrDefault(initializer.Name, GradientState.Unread)));
        return new([.. weights], shapes);
    }

    private static (Dictionary<string, long[]> Shapes, Dictionary<string, GradientState> Found) Once(GraphExecutor executor, IReadOnlyDictionary<string, TensorData> feeds)
    {
        using var scope = NewDisposeScope();
        executor.ZeroGradients();
        var inputs = feeds.ToDictionary(feed => feed.Key, feed => executor.ToInput(feed.Value), StringComparer.Ordinal);
        using var outputs = executor.Train(inputs, step: 0);
        var shapes = outputs.Names.ToDictionary(name => name, name => outputs[name].shape, StringComparer.Ordinal);
        Tensor? loss = null;
        foreach (string name in outputs.Names.Where(name => outputs[name].is_floating_point() && outputs[name].requires_grad))
        {
            // Drawn factors: the plain sum of a softmax does not depend on anything.
            var value = outputs[name];
            float[] factors = new float[value.numel()];
            var random = new SampleRandom(1, 0, factors.Length);
            foreach (ref float factor in factors.AsSpan())
            {
                factor = (float)random.NextNormal();
            }

            var term = (value.reshape(-1) * TensorConversion.FromFloats(factors, [factors.Length], value.dtype, executor.Device)).sum();
            loss = loss is null ? term : loss.Plus(term);
        }

        (loss ?? throw new GraphException("no output depends on a trainable weight through operators that pass gradients on.")).backward();
        return (shapes, executor.Weights.Parameters.ToDictionary(parameter => parameter.Name, parameter => StateOf(executor.Gradients, parameter), StringComparer.Ordinal));
    }

    private static GradientState StateOf(Tensor gradients, Parameter parameter)
    {
        if (parameter.Count == 0)
        {
            return GradientState.Present;
        }

        using var scope = NewDisposeScope();
        var largest = gradients.narrow(0, parameter.Offset, parameter.Count).abs().max();

        // The largest of numbers among which is a NaN is NaN.
        double size = largest.cpu().ToDouble();
        return !double.IsFinite(size) ? GradientState.NotFinite : size == 0 ? GradientState.Absent : GradientState.Present;
    }

    /// <summary>Weights that are nowhere 0 and keep values about as large as they come in.</summary>
    private static void Draw(GraphExecutor executor)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        float[] values = new float[executor.Weights.Values.numel()];
        var random = new SampleRandom(2, 0, 0);
        foreach (var parameter in executor.Weights.Parameters)
        {
            bool mixes = parameter.Role is ParameterRole.Weight or ParameterRole.Embedding && parameter.Shape.Count > 0;
            double width = mixes ? 1 / Math.Sqrt(Math.Max(1, parameter.Count / Math.Max(1, parameter.Shape[0]))) : 0.1;
            foreach (ref float value in values.AsSpan(checked((int)parameter.Offset), checked((int)parameter.Count)))
            {
                value = (float)((random.NextNormal() * width) + (mixes ? 0 : 1));
            }
        }

        executor.Weights.Values.copy_(TensorConversion.FromFloats(values, [values.Length], executor.Precision, executor.Device));
    }
}
