using Conformance.Tests.Operators.Generated;
using DistillSharp.Execution;
using DistillSharp.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace Conformance.Tests.Operators;

/// <summary>What a kernel makes on the native heap beside its outputs is gone after it, and inputs that do not fit are an error, not the end of the process.</summary>
[Collection(Alone.Name)]
public sealed class KernelLivenessTests
{
    public KernelLivenessTests()
    {
        // What other tests left to their finalisers goes now, not in the middle of a count.
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    public static TheoryData<string> Operators => [.. Drafts.All.Keys];

    [Theory]
    [MemberData(nameof(Operators))]
    public void A_pass_leaves_nothing_behind(string operation)
    {
        foreach (var draft in Drawn(operation, seeds: 6))
        {
            using var executor = new GraphExecutor(draft.Graph, new() { AllowSingleValues = true });
            var inputs = draft.Fed.ToDictionary(input => input.Key, input => executor.ToInput(input.Value));
            long before = Tensor.TotalCount;

            executor.Evaluate(inputs).Dispose();
            Assert.Equal(before, Tensor.TotalCount);
            executor.Train(inputs, step: 0).Dispose();
            Assert.Equal(before, Tensor.TotalCount);
            foreach (var input in inputs.Values)
            {
                input.Dispose();
            }
        }
    }

    /// <summary>An axis more, an axis less, another size, nothing at all: some of them fit by chance, none may crash or leave something behind.</summary>
    [Theory]
    [MemberData(nameof(Operators))]
    public void Inputs_of_another_shape_are_computed_or_refused(string operation)
    {
        foreach (var draft in Drawn(operation, seeds: 12))
        {
            using var executor = new GraphExecutor(draft.Graph);
            for (int turn = 0; turn < 4; turn++)
            {
                var inputs = draft.Fed.ToDictionary(input => input.Key, input => executor.ToInput(input.Value));
                string other = inputs.Keys.ElementAtOrDefault(draft.Next(0, Math.Max(0, inputs.Count - 1))) ?? "";
                if (inputs.TryGetValue(other, out var was))
                {
                    inputs[other] = Misshapen(was, turn);
                    was.Dispose();
                }

                long before = Tensor.TotalCount;
                try
                {
                    executor.Evaluate(inputs).Dispose();
                }
                catch (GraphException error)
                {
                    Assert.Contains("'the node'", error.Message, StringComparison.Ordinal);
                }

                Assert.Equal(before, Tensor.TotalCount);
                foreach (var input in inputs.Values)
                {
                    input.Dispose();
                }
            }
        }
    }

    private static IEnumerable<Draft> Drawn(string operation, int seeds)
    {
        var (since, draw) = Drafts.All[operation];
        for (int seed = 100; seed < 100 + seeds; seed++)
        {
            var draft = new Draft(operation, Math.Max(since, seed % 2 == 0 ? 21 : 13), seed);
            draw(draft);
            yield return draft;
        }
    }

    private static Tensor Misshapen(Tensor value, int turn)
    {
        using var scope = NewDisposeScope();
        var result = turn switch
        {
            0 => value.unsqueeze(0).repeat([.. Enumerable.Repeat(2L, (int)value.dim() + 1)]),
            1 => value.reshape(-1),
            2 => value.dim() == 0 ? value.expand(3) : cat([value, value], value.dim() - 1),
            _ => value.reshape(-1).narrow(0, 0, 0),
        };
        return scope.MoveToOuter(result.clone());
    }
}
