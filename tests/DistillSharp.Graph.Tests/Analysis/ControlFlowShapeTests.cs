using DistillSharp.Graph.Format;
using Google.Protobuf;

namespace DistillSharp.Graph.Tests.Analysis;

/// <summary>If, Loop and Scan, RNN and its kin, and losses: sizes worked out by hand from ONNX's definitions.</summary>
public sealed class ControlFlowShapeTests
{
    [Fact]
    public void Of_two_branches_what_they_agree_on_is_known()
    {
        Assert.Equal("Float32 2,?", If(Body("2,3"), Body("2,4")));
        Assert.Equal("Float32 2,3", If(Body("2,3"), Body("2,3")));
        Assert.Equal("Float32 unknown", If(Body("2,3"), Body("6")));
        Assert.Equal("- unknown", If(Body("2,3"), Body(ElementType.Int64, "2,3")));

        static string If(AttributeValue then, AttributeValue other) => new OneNode("If", "").With("then_branch", then).With("else_branch", other).InferTyped();
    }

    [Fact]
    public void A_loop_hands_states_on_and_stacks_the_rest()
    {
        // Condition, a state that stays [2], one that may grow, and a stacked [4].
        var body = Body("", "2", "?", "4");
        Assert.Equal("2|?|?,4", new OneNode("Loop", "", "", "2", "3").With("body", body).Outputs(3).Infer());
    }

    [Fact]
    public void A_scan_stacks_along_the_axis_it_is_told()
    {
        Assert.Equal("2|7,2,4", new OneNode("Scan", "2", "7,3").With("body", Body("2", "2,4")).With("num_scan_inputs", 1).Outputs(2).Infer());
        Assert.Equal("2|2,7,4", new OneNode("Scan", "2", "3,7").With("body", Body("2", "2,4")).With("num_scan_inputs", 1).With("scan_input_axes", [1L]).With("scan_output_axes", [1L]).Outputs(2).Infer());
        Assert.Equal("b,2|b,7,2", new OneNode("Scan", "", "b,2", "b,7,3").Opset(8).With("body", Body("2", "2")).With("num_scan_inputs", 1).Outputs(2).Infer());
    }

    [Fact]
    public void Recurrent_states_are_told_for_every_step_and_the_last()
    {
        Assert.Equal("5,1,n,8|1,n,8", new OneNode("RNN", "5,n,3", "1,8,3", "1,8,8").Outputs(2).Infer());
        Assert.Equal("5,2,n,8|2,n,8", new OneNode("GRU", "5,n,3", "2,24,3", "2,24,8").With("direction", "bidirectional").Outputs(2).Infer());
        Assert.Equal("n,5,1,8|n,1,8|n,1,8", new OneNode("LSTM", "n,5,3", "1,32,3", "1,32,8").With("layout", 1).Outputs(3).Infer());
        Assert.Equal("5,1,n,6|1,n,6", new OneNode("RNN", "5,n,3", "-", "-").With("hidden_size", 6).Outputs(2).Infer());
        Assert.Contains("3 dimensions", new OneNode("RNN", "5,3", "1,8,3", "1,8,8").Refusal(), StringComparison.Ordinal);
        Assert.Contains("2 directions", new OneNode("LSTM", "5,n,3", "1,32,3", "1,32,8").With("direction", "bidirectional").Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_is_one_number_or_one_for_each_label()
    {
        Assert.Equal("", new OneNode("NegativeLogLikelihoodLoss", "n,3,4", "n,4").Infer());
        Assert.Equal("n,4", new OneNode("NegativeLogLikelihoodLoss", "n,3,4", "n,4").With("reduction", "none").Infer());
        Assert.Equal("|n,3", new OneNode("SoftmaxCrossEntropyLoss", "n,3", "n").Outputs(2).Infer());
        Assert.Contains("not one for each place", new OneNode("SoftmaxCrossEntropyLoss", "n,3", "n,3").Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Flags_leave_a_number_that_is_not_known_and_unpooling_undoes_a_window()
    {
        Assert.Equal("?,4", new OneNode("Compress", "3,4", "3").With("axis", 0).Infer());
        Assert.Equal("?", new OneNode("Compress", "3,4", "3").Infer());
        Assert.Equal("n,2,6,7", new OneNode("MaxUnpool", "n,2,3,4", "n,2,3,4").With("kernel_shape", 2, 3).With("strides", 2, 2).With("pads", 0, 1, 0, 1).Infer());
        Assert.Equal("1,1,5,5", new OneNode("MaxUnpool", "1,1,2,2", "1,1,2,2").With("kernel_shape", 2, 2).Integers(1, 1, 5, 5).Infer());
    }

    private static OpaqueValue Body(params string[] outputs) => Body(ElementType.Float32, outputs);

    /// <summary>A subgraph that declares outputs of these shapes.</summary>
    private static OpaqueValue Body(ElementType type, params string[] outputs)
    {
        var graph = new GraphProto();
        foreach (string output in outputs)
        {
            var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = new() };
            foreach (string size in output.Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                var dimension = new TensorShapeProto.Types.Dimension();
                if (long.TryParse(size, out long known))
                {
                    dimension.DimValue = known;
                }

                tensor.Shape.Dim.Add(dimension);
            }

            graph.Output.Add(new ValueInfoProto { Name = $"made{graph.Output.Count}", Type = new() { TensorType = tensor } });
        }

        return new("graph", new AttributeProto { G = graph, Type = AttributeProto.Types.AttributeType.Graph }.ToByteArray());
    }
}
