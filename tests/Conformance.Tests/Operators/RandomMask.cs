using DistillSharp.Graph;

namespace Conformance.Tests.Operators;

/// <summary>What holds of a Dropout that trains, whatever it draws: what it keeps is x / (1 - ratio), and its mask says what that is.</summary>
internal static class RandomMask
{
    public static IEnumerable<string> Faults(NodeCase one, IReadOnlyDictionary<string, TensorData> actual)
    {
        var node = one.Model.Nodes.Single();
        double[] x = Numbers.Of(one.Inputs[node.Inputs[0]]), y = Numbers.Of(actual[node.Outputs[0]]);
        double ratio = Numbers.Of(one.Inputs.GetValueOrDefault(node.InputOrNull(1) ?? "") ?? TensorData.Create<float>([0.5f]))[0];
        double[]? mask = node.Outputs.Count > 1 ? Numbers.Of(actual[node.Outputs[1]]) : null;
        var expected = one.Outputs[node.Outputs[0]];
        if (!actual[node.Outputs[0]].Shape.SequenceEqual(expected.Shape))
        {
            yield return "the shape differs";
        }

        for (int i = 0; i < x.Length; i++)
        {
            bool kept = Math.Abs(y[i] - (x[i] / (1 - ratio))) <= 1e-5 * Math.Abs(y[i]);
            if (!kept && y[i] != 0)
            {
                yield return $"element {i} is {y[i]}, which is neither 0 nor {x[i]} / (1 - {ratio})";
            }

            if (mask is not null && (mask[i] != 0) != (y[i] != 0) && x[i] != 0)
            {
                yield return $"element {i} is {y[i]}, but the mask says {mask[i]}";
            }
        }

        double dropped = y.Count(value => value == 0), sigma = Math.Sqrt(x.Length * ratio * (1 - ratio));
        if (Math.Abs(dropped - (x.Length * ratio)) > 5 * sigma)
        {
            yield return $"{dropped} of {x.Length} were dropped at a ratio of {ratio}";
        }
    }
}
