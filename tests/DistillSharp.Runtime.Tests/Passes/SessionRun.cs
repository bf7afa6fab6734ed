using System.Runtime.InteropServices;
using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DistillSharp.Runtime.Tests.Passes;

/// <summary>Runs a graph in ONNX Runtime as it stands: no optimisation, any number of inputs and outputs of any type.</summary>
internal static class SessionRun
{
    public static Dictionary<string, TensorData> Run(ModelGraph graph, IReadOnlyDictionary<string, TensorData> feeds)
    {
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL, IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(OnnxFile.Serialize(graph), options);
        using var run = new RunOptions();
        var values = graph.Inputs.Select(input => Value(feeds[input.Name])).ToList();
        using var results = session.Run(run, [.. graph.Inputs.Select(input => input.Name)], values, [.. graph.Outputs.Select(output => output.Name)]);
        values.ForEach(value => value.Dispose());
        return graph.Outputs.Select((output, i) => (output.Name, Data: Data(results[i]))).ToDictionary(pair => pair.Name, pair => pair.Data);
    }

    private static OrtValue Value(TensorData data)
    {
        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, (TensorElementType)(int)data.Type, [.. data.Shape]);
        data.Bytes.CopyTo(value.GetTensorMutableRawData());
        return value;
    }

    private static TensorData Data(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        byte[] bytes = info.ElementDataType switch
        {
            TensorElementType.Float => Bytes<float>(value),
            TensorElementType.Double => Bytes<double>(value),
            TensorElementType.Int64 => Bytes<long>(value),
            TensorElementType.Int32 => Bytes<int>(value),
            TensorElementType.Bool => Bytes<bool>(value),
            TensorElementType.UInt8 => Bytes<byte>(value),
            TensorElementType.Int8 => Bytes<sbyte>(value),
            TensorElementType.Float16 => Bytes<Float16>(value),
            _ => throw new NotSupportedException($"{info.ElementDataType}"),
        };
        return new((ElementType)(int)info.ElementDataType, info.Shape, bytes);
    }

    private static byte[] Bytes<T>(OrtValue value)
        where T : unmanaged => MemoryMarshal.AsBytes(value.GetTensorDataAsSpan<T>()).ToArray();
}
