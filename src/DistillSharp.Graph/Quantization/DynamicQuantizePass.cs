using DistillSharp.Graph.Passes;

namespace DistillSharp.Graph.Quantization;

/// <summary>
/// Quantises matrix products whose activations get their scale while the model runs: DynamicQuantizeLinear and MatMulInteger, weights INT8, one
/// scale a column. No calibration is needed; it suits models of large matrices, such as transformers. Convolutions stay in float.
/// </summary>
/// <param name="options">What stays in float, and the integers; activations are always UInt8.</param>
public sealed class DynamicQuantizePass(QuantizationOptions options) : GraphPass
{
    /// <summary>The least operator set that knows DynamicQuantizeLinear.</summary>
    public const int LeastOpset = 11;

    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        if (graph.Nodes.FirstOrDefault(OperatorRoles.IsQuantized) is { } quantized)
        {
            throw new GraphException($"The graph is quantised already: it holds {quantized}. Quantise the float model it was made from.");
        }

        if (graph.Opset < LeastOpset)
        {
            throw new GraphException($"The graph is written for operator set {graph.Opset}, and quantising dynamically needs {LeastOpset} or more. Upgrade it first.");
        }

        var kept = KeptNodes.Of(graph, options);
        var pool = new ConstantPool(graph);
        var read = new List<string>();
        var quantizedInputs = new Dictionary<string, (string Integers, string Scale, string Zero)>(StringComparer.Ordinal);
        int count = 0;
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            var node = graph.Nodes[i];
            if (node is not { Domain: "", Operation: "MatMul" or "Gemm" } || OperatorRoles.Of(graph, node) != OperatorRole.Weighted)
            {
                continue;
            }

            if (kept.Contains(node) || WeightedLayer.Obstacle(graph, node) is not null)
            {
                changes.Note($"{node} stays in float: {(kept.Contains(node) ? "asked for" : WeightedLayer.Obstacle(graph, node))}.");
                continue;
            }

            read.AddRange(node.Inputs.Skip(1));
            var nodes = Product(graph, node, pool, quantizedInputs);
            graph.Nodes.RemoveAt(i);
            foreach (var made in nodes)
            {
                graph.Nodes.Insert(i++, made);
            }

            i--;
            count++;
        }

        if (count == 0)
        {
            throw new GraphException("There is nothing to quantise dynamically: no MatMul or Gemm with a constant float weight. Models of convolutions are quantised with calibration.");
        }

        graph.RemoveUnread(read);
        changes.Add("products quantised", count);
    }

    private List<GraphNode> Product(ModelGraph graph, GraphNode node, ConstantPool pool, Dictionary<string, (string Integers, string Scale, string Zero)> inputs)
    {
        var nodes = new List<GraphNode>();
        if (!inputs.TryGetValue(node.Inputs[0], out var input))
        {
            input = inputs[node.Inputs[0]] = (pool.Fresh("q"), pool.Fresh("qs"), pool.Fresh("qz"));
            nodes.Add(new("DynamicQuantizeLinear", [node.Inputs[0]], [input.Integers, input.Scale, input.Zero]));
        }

        var (weight, scales) = Weight(graph, node);
        string name = pool.Fresh("w"), product = pool.Fresh("i"), number = pool.Fresh("f"), scale = pool.Fresh("f");
        graph.Add(new(name, weight, trainable: false));
        string? bias = node.Operation == "Gemm" ? node.InputOrNull(2) : null;
        string result = bias is null ? node.Outputs[0] : pool.Fresh("f");
        var cast = new GraphNode("Cast", [product], [number]);
        cast.Attributes["to"] = new IntValue((long)ElementType.Float32);
        nodes.Add(new("MatMulInteger", [input.Integers, name, input.Zero, pool.Zero(weight.Type, options.Scheme.WeightZero, 1)], [product], node.Name));
        nodes.Add(cast);
        nodes.Add(new("Mul", [input.Scale, pool.Of(TensorData.Create<float>(scales, scales.Length), "s")], [scale]));
        nodes.Add(new("Mul", [number, scale], [result]));
        if (bias is not null)
        {
            nodes.Add(new("Add", [result, bias], [node.Outputs[0]]));
        }

        return nodes;
    }

    /// <summary>The weight as integers, input by output, and the scale of each column.</summary>
    private (TensorData Integers, float[] Scales) Weight(ModelGraph graph, GraphNode node)
    {
        var data = graph.FindInitializer(node.Inputs[1])!.Data;
        var scheme = options.Scheme;
        int axis = WeightedLayer.Axis(node), rows = (int)data.Shape[1 - axis], columns = (int)data.Shape[axis];
        var numbers = data.AsSpan<float>();
        float[] scales = WeightScales.Of(numbers, data.Shape, options.PerChannel ? axis : -1, scheme.WeightSteps);
        byte[] bytes = new byte[numbers.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                float number = axis == 1 ? numbers[(row * columns) + column] : numbers[(column * rows) + row];
                var map = new QuantizationParameters(scheme.Weights, scales[scales.Length == 1 ? 0 : column], scheme.WeightZero);
                bytes[(row * columns) + column] = float.IsFinite(number)
                    ? unchecked((byte)map.Quantize(number))
                    : throw new GraphException($"'{node.Inputs[1]}' of {node} holds {number}, which no integer stands for. The training diverged, or the file is damaged.");
            }
        }

        return (new(scheme.Weights, [rows, columns], bytes), scales);
    }
}
