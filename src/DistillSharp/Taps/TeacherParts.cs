using DistillSharp.Graph;

namespace DistillSharp.Taps;

/// <summary>Weights of a teacher's graph that some losses use.</summary>
internal static class TeacherParts
{
    /// <summary>The teacher's last layer: weight <c>[C, D]</c> and bias <c>[C]</c>.</summary>
    public static (TensorData Weight, TensorData Bias) Classifier(TapModel teacher)
    {
        var layer = teacher.Stages.LastLayer();
        if (layer.Operation != "Gemm" || layer.Int("transA", 0) != 0 || teacher.Graph.FindInitializer(layer.InputOrNull(1))?.Data is not { Type: ElementType.Float32 } weight)
        {
            throw new GraphException($"The teacher ends in {layer}, but the loss uses a fully connected last layer (Gemm) with its weights in the file. distill convert FILE --pass matmul-to-gemm --out FILE makes one of a MatMul.");
        }

        if (teacher.Graph.Nodes.Any(node => node.Operation == "Gather" && node.Outputs.Contains(teacher.Stages.Logits)))
        {
            throw new GraphException($"The teacher picks its classes behind {layer}, so the layer's weights are not in the order of its answers. Use a loss without the teacher's last layer.");
        }

        weight = layer.Int("transB", 0) != 0 ? weight : Transposed(weight);
        var bias = teacher.Graph.FindInitializer(layer.InputOrNull(2))?.Data ?? TensorData.Create<float>(new float[weight.Shape[0]], weight.Shape[0]);
        return (weight, bias);
    }

    /// <summary>Scale and bias of the batch normalisation that makes a value.</summary>
    public static (TensorData Scale, TensorData Bias) Norm(TapModel teacher, string value) =>
        teacher.Stages.NormOf(value) is { } norm
        && teacher.Graph.FindInitializer(norm.InputOrNull(1))?.Data is { } scale
        && teacher.Graph.FindInitializer(norm.InputOrNull(2))?.Data is { } bias
            ? (scale, bias)
            : throw new GraphException($"No batch normalisation makes the teacher's '{value}', but the loss takes its margins from one. It may be folded into the convolution, as exporters do; tap a value before an activation, of a teacher with its normalisation.");

    private static TensorData Transposed(TensorData weight)
    {
        long rows = weight.Shape[0], columns = weight.Shape[1];
        var from = weight.AsSpan<float>();
        float[] turned = new float[rows * columns];
        for (long i = 0; i < turned.Length; i++)
        {
            turned[i] = from[(int)((i % rows * columns) + (i / rows))];
        }

        return TensorData.Create<float>(turned, columns, rows);
    }
}
