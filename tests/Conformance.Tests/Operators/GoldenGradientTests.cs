using DistillSharp.Execution;
using DistillSharp.Graph;

namespace Conformance.Tests.Operators;

/// <summary>The gradients of ONNX's own operator cases, in float64, against central differences.</summary>
[Trait("Category", "Golden")]
public sealed class GoldenGradientTests
{
    /// <summary>Operators whose outputs do not change with small changes of their inputs, or jump.</summary>
    private static readonly HashSet<string> s_flat =
    [
        "ArgMax", "ArgMin", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Sign", "Floor", "Ceil", "Round", "Shape", "OneHot", "QuantizeLinear",
    ];

    [Fact]
    public void Every_gradient_is_that_of_central_differences()
    {
        var wrong = new List<string>();
        int run = 0, left = 0, tensors = 0, redrawn = 0, sampled = 0;
        foreach (string folder in NodeCase.Folders())
        {
            foreach (var one in Read(folder, wrong))
            {
                if (!HasGradient(one))
                {
                    left++;
                    continue;
                }

                run++;
                try
                {
                    using var check = new GradientCheck(one);
                    foreach (string input in check.Inputs)
                    {
                        tensors++;
                        var (error, drawn, partly) = check.Error(input);
                        redrawn += drawn;
                        sampled += partly ? 1 : 0;
                        if (!(error <= 1e-6))
                        {
                            wrong.Add($"{one.Name}: the gradient of '{input}' is off by {error}");
                        }
                    }
                }
                catch (Exception failure) when (failure is GraphException or OperatorNotCoveredException or ArgumentException or System.Runtime.InteropServices.ExternalException)
                {
                    wrong.Add($"{one.Name}: {failure.Message.Split('\n')[0]}");
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{run} cases with {tensors} inputs ({sampled} of them by a sample and a direction), {redrawn} points redrawn; {left} cases have no gradient");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {tensors} are wrong:\n{string.Join('\n', wrong)}");
        Assert.True(run > 0, "No case with a gradient was found.");
    }

    private static List<NodeCase> Read(string folder, List<string> wrong)
    {
        try
        {
            return [.. NodeCase.Read(folder)];
        }
        catch (GraphException error)
        {
            wrong.Add($"{Path.GetFileName(folder)}: {error.Message}");
            return [];
        }
    }

    /// <summary>A step inside a larger graph is flat on both sides of the comparison; a case that is nothing but one has no gradient.</summary>
    private static bool HasGradient(NodeCase one) =>
        one.Inputs.Values.Any(data => Numbers.IsFloat(data.Type)) && one.Outputs.Values.Any(data => Numbers.IsFloat(data.Type))
        && !one.Model.Nodes.All(node => s_flat.Contains(node.Operation) || (node.Operation == "Cast" && !Numbers.IsFloat((ElementType)node.Int("to", 0))));
}
