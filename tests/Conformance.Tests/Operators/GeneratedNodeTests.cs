using Conformance.Tests.Operators.Generated;
using DistillSharp.Execution;
using DistillSharp.Graph;
using Microsoft.ML.OnnxRuntime;

namespace Conformance.Tests.Operators;

/// <summary>Small graphs drawn from seeds: the executor against ONNX Runtime, for every operator and operator set.</summary>
public sealed class GeneratedNodeTests
{
    private const int Seeds = 12;
    private static readonly int[] s_opsets = [11, 13, 17, 21];

    public static TheoryData<string> Operators => [.. Drafts.All.Keys];

    [Fact]
    public void Every_covered_operator_is_drawn_or_said_why_not() =>
        Assert.Equal(OperatorTable.Covered, Drafts.All.Keys.Concat(Drafts.Unmatched.Keys).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Operators))]
    public void The_session_gives_the_same(string operation)
    {
        var (since, draw) = Drafts.All[operation];
        int run = 0;
        var wrong = new List<string>();
        foreach (int opset in s_opsets.Where(opset => opset >= since))
        {
            for (int seed = 0; seed < Seeds; seed++)
            {
                var draft = new Draft(operation, opset, seed);
                draw(draft);
                run++;
                wrong.AddRange(Differences(draft).Select(difference => $"opset {opset}, seed {seed}: {Describe(draft)}: {difference}"));
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{run} graphs of {operation}");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {run}:\n{string.Join('\n', wrong.Take(12))}");
        Assert.True(run > 0);
    }

    private static IEnumerable<string> Differences(Draft draft)
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
