using System.Globalization;
using DistillSharp.Graph;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DistillSharp.Runtime;

/// <content>Runs of models that take and give other numbers than float32.</content>
public sealed partial class ModelSession
{
    /// <summary>The most numbers of an output that are copied, 1 GiB of them.</summary>
    private const long MostNumbers = 1L << 28;

    /// <summary>Runs the model once and reads several outputs, whatever numbers they hold.</summary>
    /// <param name="inputs">All inputs: names, elements as float32, shapes. They are turned into the numbers that the model takes.</param>
    /// <param name="outputs">The outputs wanted.</param>
    /// <exception cref="GraphException">The inputs do not fit the model, or an output holds no numbers or too many.</exception>
    internal IReadOnlyList<OutputTensor> RunAll(IReadOnlyList<(string Name, ReadOnlyMemory<float> Values, long[] Shape)> inputs, IReadOnlyList<string> outputs)
    {
        List<OrtValue> values = [];
        try
        {
            foreach (var (name, elements, shape) in inputs)
            {
                values.Add(ValueOf(name, elements.Span, shape));
            }

            string given = string.Join(" and ", inputs.Select(input => $"[{string.Join(", ", input.Shape)}] as '{input.Name}'"));
            using var results = Guard($"The model, given {given},", () => _session.Run(_run, [.. inputs.Select(input => input.Name)], values, outputs));
            return [.. outputs.Select((name, i) => Read(name, results[i]))];
        }
        finally
        {
            values.ForEach(value => value.Dispose());
        }
    }

    private OrtValue ValueOf(string name, ReadOnlySpan<float> elements, long[] shape)
    {
        var type = _session.InputMetadata[name].ElementDataType;
        if (type is not (TensorElementType.Float or TensorElementType.Float16 or TensorElementType.UInt8 or TensorElementType.Int32 or TensorElementType.Int64))
        {
            throw new GraphException($"The model's input '{name}' takes {type}; float32, float16, uint8, int32 or int64 was expected.");
        }

        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, type, shape);
        switch (type)
        {
            case TensorElementType.Float:
                elements.CopyTo(value.GetTensorMutableDataAsSpan<float>());
                break;
            case TensorElementType.Float16:
                Write(elements, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, Half>(value.GetTensorMutableRawData()), one => (Half)one);
                break;
            case TensorElementType.UInt8:
                Write(elements, value.GetTensorMutableDataAsSpan<byte>(), one => (byte)Math.Clamp(MathF.Round(one), 0, 255));
                break;
            case TensorElementType.Int32:
                Write(elements, value.GetTensorMutableDataAsSpan<int>(), one => (int)one);
                break;
            default:
                Write(elements, value.GetTensorMutableDataAsSpan<long>(), one => (long)one);
                break;
        }

        return value;
    }

    private static OutputTensor Read(string name, OrtValue value)
    {
        if (!value.IsTensor)
        {
            throw new GraphException($"The model's output '{name}' is a {value.OnnxType}; a tensor is wanted.");
        }

        var told = value.GetTensorTypeAndShape();
        if (told.ElementCount > MostNumbers)
        {
            throw new GraphException(string.Create(CultureInfo.InvariantCulture, $"The model's output '{name}' is [{string.Join(", ", told.Shape)}], {told.ElementCount} numbers; at most {MostNumbers} are read. Run it on fewer or smaller pictures at once."));
        }

        float[] values = told.ElementDataType switch
        {
            TensorElementType.Float => value.GetTensorDataAsSpan<float>().ToArray(),
            TensorElementType.Float16 => Widened(value),
            TensorElementType.Double => Read(value.GetTensorDataAsSpan<double>(), one => (float)one),
            TensorElementType.Int64 => Read(value.GetTensorDataAsSpan<long>(), one => one),
            TensorElementType.Int32 => Read(value.GetTensorDataAsSpan<int>(), one => one),
            TensorElementType.UInt8 => Read(value.GetTensorDataAsSpan<byte>(), one => one),
            var other => throw new GraphException($"The model's output '{name}' holds {other}; float32, float16, float64, int64, int32 or uint8 was expected."),
        };
        return new(name, told.ElementDataType, told.Shape, values);
    }

    private static void Write<T>(ReadOnlySpan<float> from, Span<T> to, Func<float, T> turned)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = turned(from[i]);
        }
    }

    private static float[] Read<T>(ReadOnlySpan<T> from, Func<T, float> turned)
    {
        float[] to = new float[from.Length];
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = turned(from[i]);
        }

        return to;
    }
}
