using DistillSharp.Graph;
using DistillSharp.Runtime.Tests.Passes;

namespace DistillSharp.Runtime.Tests.Quantization;

/// <summary>
/// What a processor computes of a chain of quantised 3x3 convolutions: bytes are multiplied and summed in integers, the bias is added in integers,
/// and one multiplication by input scale · weight scale / output scale, rounded to even and cut off, makes bytes again.
/// </summary>
internal static class IntegerArithmetic
{
    /// <summary>The integers of the last convolution's output, zero point included.</summary>
    public static int[] Run(ModelGraph graph, TensorData input)
    {
        double[] Numbers(string name) => graph.FindInitializer(name)!.Data is { Type: ElementType.Int8 } data ? Array.ConvertAll(data.AsSpan<sbyte>().ToArray(), number => (double)number) : PassAssert.Numbers(graph.FindInitializer(name)!.Data);
        var rounding = graph.Nodes.Where(node => node.Operation == "QuantizeLinear").ToList();
        double scale = Numbers(rounding[0].Inputs[1])[0];
        int zero = (int)Numbers(rounding[0].Inputs[2])[0], layer = 0;
        int[] values = [.. PassAssert.Numbers(input).Select(number => Byte(number / scale, zero))];
        int[] shape = [.. input.Shape.Select(size => (int)size)];
        foreach (var node in graph.Nodes.Where(node => node.Operation == "Conv"))
        {
            GraphNode Made(int index) => graph.Nodes.Single(other => other.Outputs[0] == node.Inputs[index]);
            var (weight, bias, next) = (Made(1), Made(2), rounding[++layer]);
            double[] steps = Numbers(weight.Inputs[1]);
            int[] weights = Array.ConvertAll(Numbers(weight.Inputs[0]), number => (int)number), biases = Array.ConvertAll(Numbers(bias.Inputs[0]), number => (int)number);
            double nextScale = Numbers(next.Inputs[1])[0];
            int nextZero = (int)Numbers(next.Inputs[2])[0];
            int[] sums = Convolve(values, zero, shape, weights, biases);
            int area = shape[2] * shape[3];
            values = [.. sums.Select((sum, i) => Byte(sum * (scale * steps[i / area % steps.Length] / nextScale), nextZero))];
            (scale, zero, shape) = (nextScale, nextZero, [shape[0], biases.Length, shape[2], shape[3]]);
        }

        return values;
    }

    private static int[] Convolve(int[] x, int zero, int[] shape, int[] weights, int[] biases)
    {
        int[] sums = new int[shape[0] * biases.Length * shape[2] * shape[3]];
        for (int i = 0; i < sums.Length; i++)
        {
            int column = i % shape[3], row = i / shape[3] % shape[2], output = i / shape[3] / shape[2] % biases.Length, sample = i / shape[3] / shape[2] / biases.Length;
            sums[i] = biases[output];
            for (int k = 0; k < 9 * shape[1]; k++)
            {
                int channel = k / 9, r = row + (k % 9 / 3) - 1, c = column + (k % 3) - 1;
                if (r >= 0 && r < shape[2] && c >= 0 && c < shape[3])
                {
                    sums[i] += (x[(((((sample * shape[1]) + channel) * shape[2]) + r) * shape[3]) + c] - zero) * weights[(((output * shape[1]) + channel) * 9) + (k % 9)];
                }
            }
        }

        return sums;
    }

    private static int Byte(double number, int zero) => (int)Math.Clamp(Math.Round(number, MidpointRounding.ToEven) + zero, 0, 255);
}
