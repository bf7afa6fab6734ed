using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Runtime.Native;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Conformance.Tests.Operators;

/// <summary>ONNX Runtime on a graph with inputs and outputs of any number type.</summary>
internal static class ReferenceSession
{
    /// <summary>Runs a graph once.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="inputs">Its inputs by name.</param>
    /// <param name="optimize">Whether ONNX Runtime may rewrite the graph.</param>
    public static IReadOnlyDictionary<string, TensorData> Run(ModelGraph graph, IReadOnlyDictionary<string, TensorData> inputs, bool optimize = true)
    {
        NativeOnnxRuntime.EnsureLoaded();
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            GraphOptimizationLevel = optimize ? GraphOptimizationLevel.ORT_ENABLE_ALL : GraphOptimizationLevel.ORT_DISABLE_ALL,
        };
        using var session = new InferenceSession(OnnxFile.Serialize(graph), options);
        using var run = new RunOptions();
        var values = inputs.Values.Select(Value).ToList();
        try
        {
            string[] names = [.. graph.Outputs.Select(output => output.Name)];
            using var results = session.Run(run, [.. inputs.Keys], values, names);
            return names.Zip(results, (name, value) => (name, Data: Data(value))).ToDictionary(pair => pair.name, pair => pair.Data, StringComparer.Ordinal);
        }
        finally
        {
            values.ForEach(value => value.Dispose());
        }
    }

    private static OrtValue Value(TensorData data)
    {
        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, (TensorElementType)(int)data.Type, [.. data.Shape]);
        if (data.Count > 0)
        {
            data.Bytes.CopyTo(value.GetTensorMutableRawData());
        }

        return value;
    }

    private static TensorData Data(OrtValue value)
    {
        var information = value.GetTensorTypeAndShape();
        bool empty = information.ElementCount == 0;
        return new((ElementType)(int)information.ElementDataType, information.Shape, empty ? [] : value.GetTensorMutableRawData().ToArray());
    }
}
