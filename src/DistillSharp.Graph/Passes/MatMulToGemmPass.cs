using DistillSharp.Graph.Analysis;

namespace DistillSharp.Graph.Passes;

/// <summary>
/// Writes a product of a matrix by a constant one, and the bias added to it, as one Gemm, the form that BatchNormalization folds into and that is
/// quantised with a bias of 32 bits. Left alone: values that are no matrices, and biases that are not one number a column.
/// </summary>
[Pass("matmul-to-gemm", "Write MatMul and the Add of a bias behind it as one Gemm")]
public sealed class MatMulToGemmPass : GraphPass
{
    /// <summary>The least operator set whose Gemm may lack a bias.</summary>
    private const int BiasIsOptional = 11;

    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        ShapeInference.Infer(graph);
        foreach (var product in graph.Nodes.Where(node => node is { Domain: "", Operation: "MatMul" }).ToList())
        {
            var uses = new GraphUses(graph);
            if (graph.FindInitializer(product.InputOrNull(1)) is not { Data: { Shape.Count: 2 } weight } || !weight.Type.IsFloat()
                || graph.FindInitializer(product.InputOrNull(0)) is not null || ShapeInference.Find(graph, product.InputOrNull(0))?.Shape is not { Count: 2 }
                || uses.OnlyReader(product.Outputs[0]) is not { Domain: "" } reader)
            {
                continue;
            }

            if (BiasOf(graph, reader, product.Outputs[0], weight) is { } bias)
            {
                Merge(graph, uses, product, reader, bias);
                changes.Add("MatMul and Add made one Gemm");
            }
            else if (reader.Operation == "BatchNormalization" && graph.Opset >= BiasIsOptional)
            {
                product.Operation = "Gemm";
                changes.Add("MatMul made a Gemm");
            }
        }
    }

    /// <summary>Which input of an Add is a bias of one number a column; null if none is.</summary>
    private static int? BiasOf(ModelGraph graph, GraphNode reader, string product, TensorData weight)
    {
        int index = reader.InputOrNull(0) == product ? 1 : 0;
        return reader.Operation == "Add" && reader.Inputs.Count == 2 && reader.Inputs[1 - index] == product && graph.FindInitializer(reader.Inputs[index])?.Data is { } data
            && data.Type == weight.Type && (data.Shape is [_] or [1, _]) && data.Shape[^1] == weight.Shape[1] ? index : null;
    }

    private static void Merge(ModelGraph graph, GraphUses uses, GraphNode product, GraphNode addition, int index)
    {
        if (graph.FindInitializer(addition.Inputs[index])!.Data.Shape.Count == 2)
        {
            var bias = OwnedWeight.Claim(graph, uses, addition, index);
            bias.Data = new(bias.Data.Type, [bias.Data.Count], bias.Data.Bytes.ToArray());
        }

        product.Operation = "Gemm";
        product.SetInput(2, addition.Inputs[index]);
        graph.KnownValues.Remove(product.Outputs[0]);
        product.Outputs[0] = addition.Outputs[0];
        graph.Nodes.Remove(addition);
    }
}
