using Conformance.Tests.Operators.Generated;
using DistillSharp.Execution;

namespace Conformance.Tests.Operators;

/// <summary>Small graphs drawn from seeds: the executor against ONNX Runtime, for every operator and operator set.</summary>
public sealed class GeneratedNodeTests
{
    private const int Seeds = 12;
    private static readonly int[] s_opsets = [7, 9, 10, 11, 13, 17, 21];

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
                wrong.AddRange(AgainstSession.Differences(draft).Select(difference => $"opset {opset}, seed {seed}: {difference}"));
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{run} graphs of {operation}");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {run}:\n{string.Join('\n', wrong.Take(12))}");
        Assert.True(run > 0);
    }

    /// <summary>Operators in forms that only older sets have: axes, pads and sizes as attributes, other orders of inputs.</summary>
    [Fact]
    public void The_session_gives_the_same_for_older_forms()
    {
        int run = 0;
        var wrong = new List<string>();
        foreach (var (operation, since, until, draw) in OlderDrafts.Cases)
        {
            for (int opset = since; opset <= until; opset++)
            {
                for (int seed = 0; seed < Seeds / 2; seed++)
                {
                    var draft = new Draft(operation, opset, seed);
                    draw(draft);
                    run++;
                    wrong.AddRange(AgainstSession.Differences(draft).Select(difference => $"{operation}, opset {opset}, seed {seed}: {difference}"));
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{run} graphs");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {run}:\n{string.Join('\n', wrong.Take(60))}");
    }

    public static TheoryData<string> Edges => [.. EdgeDrafts.Cases.Keys];

    /// <summary>Nothing at all, and single numbers without an axis.</summary>
    [Theory]
    [MemberData(nameof(Edges))]
    public void The_session_gives_the_same_at_the_edges(string name)
    {
        var draft = new Draft(name.Split(':')[0], 17, seed: 3);
        EdgeDrafts.Cases[name](draft);
        Assert.Empty(AgainstSession.Differences(draft));
    }
}
