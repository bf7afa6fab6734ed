using DistillSharp.Graph.Passes;

namespace DistillSharp.Graph.Quantization;

/// <summary>Stores each scale and zero point once, under a short name.</summary>
internal sealed class ConstantPool
{
    private readonly ModelGraph _graph;
    private readonly GraphUses _names;
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

    public ConstantPool(ModelGraph graph)
    {
        _graph = graph;
        _names = new(graph);
        foreach (var initializer in graph.Initializers.Where(initializer => !initializer.Trainable && initializer.Data.Shape.Count <= 1))
        {
            _known.TryAdd(Key(initializer.Data), initializer.Name);
        }
    }

    /// <summary>The name of an initialiser with this content.</summary>
    public string Of(TensorData data, string prefix)
    {
        string key = Key(data);
        if (!_known.TryGetValue(key, out string? name))
        {
            name = _known[key] = Fresh(prefix);
            _graph.Add(new(name, data, trainable: false));
        }

        return name;
    }

    public string Scale(float scale) => Of(TensorData.Create<float>([scale]), "s");

    public string Scales(float[] scales) => scales.Length == 1 ? Scale(scales[0]) : Of(TensorData.Create<float>(scales, scales.Length), "s");

    /// <summary>A zero point for one scale, or the same for each of several.</summary>
    public string Zero(ElementType type, int zero, int count) =>
        Of(TensorNumbers.FromLongs(type, count == 1 ? [] : [count], [.. Enumerable.Repeat((long)zero, count)]), "z");

    /// <summary>A short name that nothing has.</summary>
    public string Fresh(string prefix) => _names.Fresh(prefix);

    private static string Key(TensorData data) => $"{data.Type}[{string.Join(",", data.Shape)}]{Convert.ToHexString(data.Bytes)}";
}
