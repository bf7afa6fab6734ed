using System.Runtime.InteropServices;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;

namespace DistillSharp.Weights;

/// <summary>Puts the tensors of a state dict into a model by name. All of them fit, or none is put in.</summary>
public static class GraphWeights
{
    private const string Counter = "num_batches_tracked", BoxDecoder = ".dfl.conv.weight";

    /// <summary>Puts weights into a model.</summary>
    /// <param name="graph">The model; the data of its weights and running statistics are replaced.</param>
    /// <param name="stateDict">The tensors by name.</param>
    /// <param name="options">What may differ; null for nothing.</param>
    /// <returns>What became of each tensor.</returns>
    /// <exception cref="GraphException">Names or shapes do not fit; the message lists them, and the model is as it was.</exception>
    public static GraphWeightsReport Load(ModelGraph graph, IReadOnlyDictionary<string, TensorData> stateDict, GraphWeightsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(stateDict);
        options ??= new();

        // In a file that others wrote, running statistics are constants that only their names tell.
        var weights = graph.Initializers.Where(weight => IsWeight(weight) || (IsFloat(weight.Data.Type) && stateDict.ContainsKey(weight.Name) && !IsBoxDecoder(weight.Name))).ToList();
        var names = weights.Select(weight => weight.Name).ToHashSet(StringComparer.Ordinal);
        string[] ignored = [.. stateDict.Keys.Where(name => !names.Contains(name) && (IsCounter(name) || IsBoxDecoder(name)))];
        var passed = ignored.ToHashSet(StringComparer.Ordinal);
        var present = weights.Where(weight => stateDict.ContainsKey(weight.Name)).ToList();
        var other = present.Where(weight => !stateDict[weight.Name].Shape.SequenceEqual(weight.Data.Shape)).ToList();
        var redrawn = other.Where(weight => options.Redrawn.Any(module => weight.Name.StartsWith(module + ".", StringComparison.Ordinal))).ToList();
        var misfit = new WeightMisfit
        {
            Missing = [.. weights.Where(weight => !stateDict.ContainsKey(weight.Name)).Select(weight => weight.Name)],
            Unexpected = [.. stateDict.Keys.Where(name => !names.Contains(name) && !passed.Contains(name))],
            Misshapen = [.. other.Except(redrawn).Select(weight => $"{weight.Name} ([{string.Join(", ", stateDict[weight.Name].Shape)}], the model's is [{string.Join(", ", weight.Data.Shape)}])")],
            Unusable = [.. present.Except(other).Where(weight => !IsFloat(stateDict[weight.Name].Type)).Select(weight => $"{weight.Name} ({stateDict[weight.Name].Type})")],
        };
        misfit.ThrowIfAny(graph.Name);
        foreach (string name in stateDict.Keys.Where(IsBoxDecoder))
        {
            RequireCounting(name, stateDict[name]);
        }

        if (redrawn.Count > 0)
        {
            WeightInitializer.Draw(graph, options.Seed);
        }

        var loaded = present.Except(other).ToList();
        foreach (var weight in loaded)
        {
            weight.Data = As(weight.Data.Type, stateDict[weight.Name]);
        }

        return new([.. loaded.Select(weight => weight.Name)], [.. redrawn.Select(weight => weight.Name)], ignored);
    }

    /// <summary>The weights and running statistics of a model by name, as a state dict.</summary>
    /// <param name="graph">The model.</param>
    public static IReadOnlyDictionary<string, TensorData> Of(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var state = new OrderedDictionary<string, TensorData>(StringComparer.Ordinal);
        foreach (var weight in graph.Initializers.Where(IsWeight))
        {
            state.Add(weight.Name, weight.Data.Clone());
        }

        return state;
    }

    /// <summary>Weights, and running statistics, which are no weights but are drawn; constants of the graph are neither.</summary>
    private static bool IsWeight(Initializer initializer) => (initializer.Trainable || initializer.Initialization is not null) && IsFloat(initializer.Data.Type);

    private static bool IsFloat(ElementType type) => type is ElementType.Float32 or ElementType.Float16 or ElementType.BFloat16 or ElementType.Float64;

    private static bool IsBoxDecoder(string name) => name.EndsWith(BoxDecoder, StringComparison.Ordinal);

    private static bool IsCounter(string name) => name == Counter || name.EndsWith("." + Counter, StringComparison.Ordinal);

    /// <summary>The decoder's weights are frozen at 0, 1, 2, ... (arXiv:2006.04388): with others, every box would be another.</summary>
    private static void RequireCounting(string name, TensorData tensor)
    {
        if (!IsFloat(tensor.Type))
        {
            throw new GraphException($"The weight '{name}' holds {tensor.Type}; floats are expected.");
        }

        var values = MemoryMarshal.Cast<byte, float>(FloatElements.ToFloat32(tensor).Bytes);
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] != i)
            {
                throw new GraphException($"The weight '{name}' decodes boxes and must be 0, 1, 2, ..., but its element {i} is {values[i]}. The checkpoint was changed by something that does not know this; use the original.");
            }
        }
    }

    private static TensorData As(ElementType type, TensorData tensor)
    {
        if (tensor.Type == type)
        {
            return tensor.Clone();
        }

        var data = FloatElements.ToFloat32(tensor);
        return type switch
        {
            ElementType.Float32 => data,
            ElementType.Float16 => TensorData.Create<Half>(Array.ConvertAll(data.AsSpan<float>().ToArray(), value => (Half)value), [.. data.Shape]),
            ElementType.Float64 => TensorData.Create<double>(Array.ConvertAll(data.AsSpan<float>().ToArray(), value => (double)value), [.. data.Shape]),
            _ => throw new GraphException($"The model keeps its weights as {type}, which checkpoints are not turned into. Turn the model into float32 first."),
        };
    }
}
