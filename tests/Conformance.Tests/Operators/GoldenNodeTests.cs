using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.TestKit;

namespace Conformance.Tests.Operators;

/// <summary>ONNX's own operator cases: the executor gives the outputs they state.</summary>
[Trait("Category", "Golden")]
public sealed class GoldenNodeTests
{
    [Fact]
    public void Every_case_gives_its_outputs()
    {
        var wrong = new List<string>();
        int run = 0, random = 0;
        foreach (string folder in NodeCase.Folders())
        {
            try
            {
                foreach (var one in NodeCase.Read(folder))
                {
                    run++;
                    random += one.IsRandom ? 1 : 0;
                    wrong.AddRange(Differences(one).Select(difference => $"{one.Name}: {difference}"));
                }
            }
            catch (GraphException error)
            {
                run++;
                wrong.Add($"{Path.GetFileName(folder)}: {error.Message}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{run} cases, {random} of them checked by their properties, {wrong.Count} differences");
        Assert.True(wrong.Count == 0, $"{wrong.Count} differences in {run} cases:\n{string.Join('\n', wrong)}");
        Assert.True(run >= (SharedFolder.IsDefaultGolden ? 333 : 1), $"Only {run} cases were found; the default folder has 333.");
    }

    /// <summary>ONNX's own tolerance; a brain float may be one unit off, since older cases cut them where ONNX by now rounds.</summary>
    private static double Relative(ElementType type) => type == ElementType.BFloat16 ? 1.0 / 128 : 1e-3;

    private static IEnumerable<string> Differences(NodeCase one)
    {
        IReadOnlyDictionary<string, TensorData> actual;
        try
        {
            using var executor = new GraphExecutor(one.Model, new() { Precision = one.IsDouble ? ElementType.Float64 : ElementType.Float32 });
            actual = executor.Evaluate(one.Inputs);
        }
        catch (Exception error) when (error is GraphException or OperatorNotCoveredException or ArgumentException)
        {
            return [error.Message];
        }

        if (one.IsRandom)
        {
            return RandomMask.Faults(one, actual);
        }

        return one.Outputs
            .Select(output => (output.Key, Difference: Numbers.Difference(actual[output.Key], output.Value, Relative(output.Value.Type))))
            .Where(pair => pair.Difference is not null)
            .Select(pair => $"'{pair.Key}' {pair.Difference}");
    }
}
