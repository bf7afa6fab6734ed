using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Runtime.Native;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DistillSharp.Runtime.Comparison;

/// <summary>Runs a graph once in ONNX Runtime: any number of inputs and outputs, of any type of number.</summary>
public static class GraphRun
{
    /// <summary>Runs a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="feeds">Its inputs by name; further ones are ignored.</param>
    /// <param name="threads">The threads within one operator, 0 (default) for one a core.</param>
    /// <returns>Its outputs by name, those that are tensors of numbers.</returns>
    /// <exception cref="GraphException">ONNX Runtime refuses the graph or an input.</exception>
    public static IReadOnlyDictionary<string, TensorData> Run(ModelGraph graph, IReadOnlyDictionary<string, TensorData> feeds, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(feeds);
        var values = new List<OrtValue>();
        try
        {
            // As it is written: ONNX Runtime's own rewriting would hide what a pass changed.
            using var settings = NativeOnnxRuntime.CreateOptions(threads);
            settings.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
            using var session = new InferenceSession(OnnxFile.Serialize(graph), settings);
            using var run = new RunOptions();
            foreach (var input in graph.Inputs)
            {
                values.Add(Value(feeds[input.Name]));
            }

            using var results = session.Run(run, [.. graph.Inputs.Select(input => input.Name)], values, [.. graph.Outputs.Select(output => output.Name)]);
            var found = new Dictionary<string, TensorData>(StringComparer.Ordinal);
            for (int i = 0; i < results.Count; i++)
            {
                if (results[i].OnnxType == OnnxValueType.ONNX_TYPE_TENSOR && results[i].GetTensorTypeAndShape().ElementDataType != TensorElementType.String)
                {
                    found[graph.Outputs[i].Name] = Data(results[i]);
                }
            }

            return found;
        }
        catch (OnnxRuntimeException error)
        {
            throw new GraphException($"ONNX Runtime cannot run the model: {error.Message.Trim()}", error);
        }
        finally
        {
            values.ForEach(value => value.Dispose());
        }
    }

    private static OrtValue Value(TensorData data)
    {
        // ONNX's numbers of the types are ONNX Runtime's too.
        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, (TensorElementType)(int)data.Type, [.. data.Shape]);
        data.Bytes.CopyTo(value.GetTensorMutableRawData());
        return value;
    }

    private static TensorData Data(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        return new((ElementType)(int)info.ElementDataType, info.Shape, value.GetTensorMutableRawData().ToArray());
    }
}
