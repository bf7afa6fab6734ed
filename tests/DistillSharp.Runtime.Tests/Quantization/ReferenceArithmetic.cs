using DistillSharp.Graph;
using DistillSharp.Runtime.Tests.Passes;

namespace DistillSharp.Runtime.Tests.Quantization;

/// <summary>The arithmetic of a quantised graph in float64, operator by operator as ONNX defines it: nothing shared with the quantiser.</summary>
internal sealed class ReferenceArithmetic(ModelGraph graph)
{
    private readonly Dictionary<string, (double[] Values, int[] Shape)> _values = graph.Initializers
        .ToDictionary(initializer => initializer.Name, initializer => (Numbers(initializer.Data), initializer.Data.Shape.Select(size => (int)size).ToArray()), StringComparer.Ordinal);

    public double[] Run(string input, TensorData data, string output)
    {
        _values[input] = (PassAssert.Numbers(data), [.. data.Shape.Select(size => (int)size)]);
        foreach (var node in graph.Nodes)
        {
            _values[node.Outputs[0]] = node.Operation switch
            {
                "QuantizeLinear" => Scaled(node, quantize: true),
                "DequantizeLinear" => Scaled(node, quantize: false),
                "Conv" => Conv(node),
                "Gemm" => Gemm(node),
                "Add" => (In(node, 0).Values.Zip(In(node, 1).Values, (a, b) => a + b).ToArray(), In(node, 0).Shape),
                "GlobalAveragePool" => Pool(node),
                "Flatten" => (In(node, 0).Values, [In(node, 0).Shape[0], In(node, 0).Values.Length / In(node, 0).Shape[0]]),
                _ => throw new NotSupportedException(node.Operation),
            };
        }

        return _values[output].Values;
    }

    private (double[] Values, int[] Shape) In(GraphNode node, int index) => _values[node.Inputs[index]];

    private (double[] Values, int[] Shape) Scaled(GraphNode node, bool quantize)
    {
        var (values, shape) = In(node, 0);
        double[] scales = In(node, 1).Values, zeros = node.Inputs.Count > 2 ? In(node, 2).Values : [0];
        int axis = (int)node.Int("axis", 1), inner = shape.Skip(axis + 1).Aggregate(1, (product, size) => product * size);
        bool unsigned = node.Inputs.Count > 2 && graph.FindInitializer(node.Inputs[2])!.Data.Type == ElementType.UInt8;
        return ([.. values.Select((value, i) =>
        {
            int channel = scales.Length == 1 ? 0 : i / inner % scales.Length;
            double zero = zeros[zeros.Length == 1 ? 0 : channel];
            return quantize ? Math.Clamp(Math.Round(value / scales[channel], MidpointRounding.ToEven) + zero, unsigned ? 0 : -128, unsigned ? 255 : 127) : (value - zero) * scales[channel];
        })], shape);
    }

    private (double[] Values, int[] Shape) Conv(GraphNode node)
    {
        var (x, xs) = In(node, 0);
        var (w, ws) = In(node, 1);
        double[] b = In(node, 2).Values, y = new double[xs[0] * ws[0] * xs[2] * xs[3]];
        int i = 0;
        for (int n = 0; n < xs[0]; n++)
        {
            for (int o = 0; o < ws[0]; o++)
            {
                for (int row = 0; row < xs[2]; row++)
                {
                    for (int column = 0; column < xs[3]; column++)
                    {
                        double sum = b[o];
                        for (int c = 0; c < ws[1]; c++)
                        {
                            for (int k = 0; k < 9; k++)
                            {
                                int r = row + (k / 3) - 1, s = column + (k % 3) - 1;
                                sum += r >= 0 && r < xs[2] && s >= 0 && s < xs[3] ? x[(((((n * xs[1]) + c) * xs[2]) + r) * xs[3]) + s] * w[(((o * ws[1]) + c) * 9) + k] : 0;
                            }
                        }

                        y[i++] = sum;
                    }
                }
            }
        }

        return (y, [xs[0], ws[0], xs[2], xs[3]]);
    }

    private (double[] Values, int[] Shape) Gemm(GraphNode node)
    {
        var (x, xs) = In(node, 0);
        var (w, ws) = In(node, 1);
        double[] b = In(node, 2).Values;
        return ([.. Enumerable.Range(0, xs[0] * ws[0]).Select(i => b[i % ws[0]] + Enumerable.Range(0, xs[1]).Sum(k => x[(i / ws[0] * xs[1]) + k] * w[(i % ws[0] * xs[1]) + k]))], [xs[0], ws[0]]);
    }

    private (double[] Values, int[] Shape) Pool(GraphNode node)
    {
        var (x, shape) = In(node, 0);
        return ([.. x.Chunk(shape[2] * shape[3]).Select(plane => plane.Average())], [shape[0], shape[1], 1, 1]);
    }

    private static double[] Numbers(TensorData data) => data.Type == ElementType.Int8 ? [.. data.AsSpan<sbyte>().ToArray().Select(number => (double)number)] : PassAssert.Numbers(data);
}
