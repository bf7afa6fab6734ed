using System.Runtime.InteropServices;
using DistillSharp.Graph;

namespace DistillSharp.Weights;

/// <summary>Floats of any width as float32.</summary>
internal static class FloatElements
{
    /// <summary>The tensor with its floats as float32; itself if it has none of another width. Float16 and bfloat16 are exact, float64 is rounded.</summary>
    public static TensorData ToFloat32(TensorData tensor)
    {
        float[] values;
        switch (tensor.Type)
        {
            case ElementType.Float16:
                values = new float[tensor.Count];
                var halves = tensor.AsSpan<Half>();
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (float)halves[i];
                }

                break;
            case ElementType.BFloat16:
                values = new float[tensor.Count];
                var bits = MemoryMarshal.Cast<byte, ushort>(tensor.Bytes);
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = BitConverter.Int32BitsToSingle(bits[i] << 16);
                }

                break;
            case ElementType.Float64:
                values = new float[tensor.Count];
                var doubles = tensor.AsSpan<double>();
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (float)doubles[i];
                }

                break;
            default:
                return tensor;
        }

        byte[] bytes = new byte[checked(values.Length * sizeof(float))];
        MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(bytes);
        return new(ElementType.Float32, [.. tensor.Shape], bytes);
    }
}
