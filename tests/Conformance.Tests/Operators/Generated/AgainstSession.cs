using DistillSharp.Execution;
using DistillSharp.Graph;
using Microsoft.ML.OnnxRuntime;

namespace Conformance.Tests.Operators.Generated;

/// <summary>A drawn graph in the executor against ONNX Runtime.</summary>
internal static class AgainstSession
{
    /// <summary>What differs in float32 and float64, with what was drawn.</summary>
    public static IEnumerable<string> Differences(Draft draft) => Found(draft).Select(difference => $"{Describe(draft)}: {difference}");

    private static IEnumerable<string> Found(Draft draft)
    {
        IReadOnlyDictionary<string, TensorData> expected, actual;
        try
        {
            expected = ReferenceSession.Run(draft.Graph, draft.Fed);
        }
        catch (OnnxRuntimeException error)
        {
            return [$"the session refuses: {error.Message.Trim()}"];
        }

        var wrong = new List<string>();
        foreach (var precision in new[] { ElementType.Float32, ElementType.Float64 })
        {
            try
            {
                using var executor = new GraphExecutor(draft.Graph, new() { Precision = precision });
                actual = executor.Evaluate(draft.Fed);
            }
            catch (Exception error) when (error is GraphException or OperatorNotCoveredException or ArgumentException)
            {
                return [error.Message];
            }

            wrong.AddRange(expected.Select(output => (output.Key, Difference: Numbers.Difference(actual[output.Key], output.Value, 1e-4, 1e-5)))
                .Where(pair => pair.Difference is not null)
                .Select(pair => $"in {precision}: '{pair.Key}' {pair.Difference}"));
        }

        return wrong;
    }

    private static string Describe(Draft draft) =>
        string.Join(", ", draft.Fed.Select(input => $"{input.Value.Type} [{string.Join(", ", input.Value.Shape)}]{(input.Value.Type == ElementType.Int64 && input.Value.Count < 9 ? $" = {string.Join(", ", input.Value.AsSpan<long>().ToArray())}" : "")}")
            .Concat(draft.Graph.Initializers.Where(constant => constant.Data.Type == ElementType.Int64).Select(constant => $"{constant.Name} = {string.Join(", ", constant.Data.AsSpan<long>().ToArray())}")).Concat(draft.Graph.Nodes[0].Attributes.Select(attribute =>
            $"{attribute.Key}={attribute.Value switch { IntsValue ints => "[" + string.Join(", ", ints.Values) + "]", IntValue number => number.Value, FloatValue number => number.Value, TextValue text => text.Value, var other => other }}")));
}
