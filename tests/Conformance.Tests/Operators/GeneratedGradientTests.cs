using Conformance.Tests.Operators.Generated;
using DistillSharp.Execution;

namespace Conformance.Tests.Operators;

/// <summary>The gradients of drawn graphs in float64 against central differences, for operators and forms that the published cases here lack.</summary>
public sealed class GeneratedGradientTests
{
    public static TheoryData<string> Operators =>
    [
        "Compress", "ReverseSequence", "MaxUnpool", "NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss", "Resize", "LpPool", "GlobalLpPool", "GroupNormalization", "Gelu", "Mish", "Celu",
        "ScatterElements", "ScatterND", "GatherND", "Einsum", "Pad", "ReduceL1", "ReduceLogSumExp", "ReduceSumSquare", "Trilu", "TopK",
    ];

    [Theory]
    [MemberData(nameof(Operators))]
    public void Every_gradient_is_that_of_central_differences(string operation)
    {
        var wrong = new List<string>();
        for (int seed = 40; seed < 43; seed++)
        {
            var draft = new Draft(operation, opset: 21, seed);
            Drafts.All[operation].Draw(draft);
            using var check = new GradientCheck(new(operation, draft.Graph, draft.Fed, ReferenceSession.Run(draft.Graph, draft.Fed)));
            wrong.AddRange(check.Inputs.Select(input => (input, check.Error(input).Error)).Where(pair => !(pair.Error <= 1e-6)).Select(pair => $"seed {seed}: the gradient of '{pair.input}' is off by {pair.Error}"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "BitShift", "direction", "the direction 'some' is not known; LEFT and RIGHT are" },
        { "NegativeLogLikelihoodLoss", "reduction", "the reduction 'some' is not known; none, sum and mean are" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_is_not_known_is_refused_before_anything_runs(string operation, string attribute, string expected)
    {
        var draft = new Draft(operation, opset: 21, seed: 1);
        Drafts.All[operation].Draw(draft);
        draft.With(attribute, "some");
        Assert.Contains(expected, Assert.Throws<OperatorNotCoveredException>(() => new GraphExecutor(draft.Graph)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sequences_are_reversed_along_one_of_the_first_two_axes_only()
    {
        var draft = new Draft("ReverseSequence", opset: 21, seed: 1);
        BitDrafts.ReverseSequence(draft);
        draft.With("time_axis", 2L);
        Assert.Contains("must be 0 and 1, or 1 and 0", Assert.Throws<OperatorNotCoveredException>(() => new GraphExecutor(draft.Graph)).Message, StringComparison.Ordinal);
    }
}
