using Conformance.Tests.Operators.Generated;
using DistillSharp.Execution;
using DistillSharp.Graph;

namespace Conformance.Tests.Operators;

/// <summary>Every element type where ONNX allows it: ONNX Runtime has the floats, and whole numbers are the same in each type.</summary>
public sealed class ElementTypeTests
{
    private const int Seeds = 4;

    public static TheoryData<string> Operators => [.. ElementTypes.Moving.Concat(ElementTypes.Counting)];

    [Theory]
    [MemberData(nameof(Operators))]
    public void Whole_numbers_are_the_same_in_every_type(string operation)
    {
        bool moves = ElementTypes.Moving.Contains(operation);
        var wrong = new List<string>();
        int run = 0;
        for (int seed = 200, drawn = 0; drawn < Seeds && seed < 300; seed++)
        {
            int before = run;
            foreach (var type in moves ? [.. ElementTypes.Numbers, ElementType.Bool] : ElementTypes.Numbers)
            {
                var draft = new Draft(operation, opset: 21, seed);
                Drafts.All[operation].Draw(draft);
                if (!draft.Fed.Values.Any(data => data.Type == ElementType.Float32))
                {
                    continue;
                }

                ElementTypes.Round(draft, type == ElementType.Bool ? 1 : 4);
                var expected = ReferenceSession.Run(draft.Graph, draft.Fed);
                if (type is ElementType.Int8 && expected.Values.Any(data => data.Type == ElementType.Float32 && data.AsSpan<float>().ToArray().Any(value => value > 127)))
                {
                    continue;
                }

                run++;
                wrong.AddRange(Differences(draft, type, expected).Select(difference => $"{type}, seed {seed}: {difference}"));
            }

            // Not every draft has floats.
            drawn += run > before ? 1 : 0;
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {run}:\n{string.Join('\n', wrong.Take(20))}");
        Assert.True(run > 0, "Nothing was drawn.");
    }

    private static IEnumerable<string> Differences(Draft draft, ElementType type, IReadOnlyDictionary<string, TensorData> expected)
    {
        try
        {
            using var executor = new GraphExecutor(ElementTypes.Retyped(draft.Graph, type), new() { Precision = type == ElementType.Float64 ? type : ElementType.Float32 });
            var actual = executor.Evaluate(draft.Fed.ToDictionary(input => input.Key, input => ElementTypes.Retyped(input.Value, type)));
            return [.. expected.Select(output => Numbers.Difference(actual[output.Key], ElementTypes.Retyped(output.Value, type))).OfType<string>()];
        }
        catch (Exception error) when (error is GraphException or OperatorNotCoveredException or ArgumentException)
        {
            return [error.Message];
        }
    }
}
