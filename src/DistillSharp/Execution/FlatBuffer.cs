using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis.Roles;
using static TorchSharp.torch;

namespace DistillSharp.Execution;

/// <summary>Tensors of one kind laid end to end in one buffer, so that a step, an average or a copy of all of them is one operation.</summary>
public sealed class FlatBuffer : IDisposable
{
    private readonly Dictionary<string, Parameter> _byName;

    /// <summary>Lays tensors out.</summary>
    /// <param name="initializers">The tensors.</param>
    /// <param name="roleOf">What the graph does with each, by name.</param>
    /// <param name="type">What the elements are held in.</param>
    /// <param name="device">Where.</param>
    internal FlatBuffer(IEnumerable<Initializer> initializers, Func<string, ParameterRole> roleOf, ScalarType type, Device device)
    {
        // Weights first and biases last, so that weight decay and a rate of their own are one operation on a part of the buffer.
        long offset = 0;
        var parameters = new List<Parameter>();
        foreach (var (initializer, role) in initializers.Select(initializer => (initializer, Role: roleOf(initializer.Name))).OrderBy(pair => pair.Role switch { ParameterRole.Weight => 0, ParameterRole.Bias => 2, _ => 1 }))
        {
            parameters.Add(new(initializer.Name, initializer.Data.Shape, offset, initializer.Data.Count, role));
            offset += initializer.Data.Count;
        }

        Parameters = parameters;
        BiasCount = parameters.Where(parameter => parameter.Role == ParameterRole.Bias).Sum(parameter => parameter.Count);
        DecayedCount = parameters.Where(parameter => parameter.Decays).Sum(parameter => parameter.Count);
        Values = zeros([offset], type, device);
        _byName = parameters.ToDictionary(parameter => parameter.Name, StringComparer.Ordinal);
    }

    /// <summary>What lies in the buffer, in order.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>All elements, <c>[count]</c>. Owned by the buffer.</summary>
    public Tensor Values { get; }

    /// <summary>How many elements at the front belong to weights: those that weight decay concerns.</summary>
    public long DecayedCount { get; }

    /// <summary>How many elements at the end are what layers and norms add: biases.</summary>
    public long BiasCount { get; }

    /// <summary>A view of one tensor in a buffer laid out like this one.</summary>
    /// <param name="buffer">The buffer: <see cref="Values"/>, the gradients, an average.</param>
    /// <param name="parameter">Which tensor.</param>
    public static Tensor View(Tensor buffer, Parameter parameter)
    {
        using var piece = buffer.narrow(0, parameter.Offset, parameter.Count);
        return piece.view([.. parameter.Shape]);
    }

    /// <summary>Finds a tensor's place, or null.</summary>
    /// <param name="name">The initialiser's name.</param>
    public Parameter? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Copies the initialisers' elements into the buffer.</summary>
    /// <param name="graph">The graph that holds them.</param>
    /// <exception cref="GraphException">One is missing or has another shape; all such are named.</exception>
    public void Read(ModelGraph graph)
    {
        CheckFit(graph);
        using var guard = no_grad();
        foreach (var parameter in Parameters)
        {
            var data = graph.FindInitializer(parameter.Name)!.Data;
            using var source = TensorConversion.ToTensor(data, Values.dtype, CPU);
            using var flat = source.reshape(-1);
            using var target = Values.narrow(0, parameter.Offset, parameter.Count);
            target.copy_(flat);
        }
    }

    /// <summary>Copies elements into the initialisers of a graph, in their own element type.</summary>
    /// <param name="graph">The graph that holds them.</param>
    /// <param name="values">A buffer laid out like this one; null for this one's own.</param>
    public void Write(ModelGraph graph, Tensor? values = null)
    {
        using var guard = no_grad();
        using var host = (values ?? Values).cpu();
        foreach (var parameter in Parameters)
        {
            var initializer = graph.FindInitializer(parameter.Name)!;
            using var piece = host.narrow(0, parameter.Offset, parameter.Count);
            initializer.Data = TensorConversion.ToData(piece, initializer.Data.Type, parameter.Shape);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Values.Dispose();

    private void CheckFit(ModelGraph graph)
    {
        var wrong = Parameters
            .Select(parameter => (Parameter: parameter, graph.FindInitializer(parameter.Name)?.Data))
            .Where(pair => pair.Data is null || !pair.Data.Shape.SequenceEqual(pair.Parameter.Shape))
            .Select(pair => pair.Data is null
                ? $"'{pair.Parameter.Name}' is missing"
                : $"'{pair.Parameter.Name}' is [{string.Join(", ", pair.Data.Shape)}] instead of [{string.Join(", ", pair.Parameter.Shape)}]")
            .ToList();
        if (wrong.Count > 0)
        {
            throw new GraphException(string.Create(CultureInfo.InvariantCulture, $"The weights do not fit the model: {string.Join("; ", wrong.Take(10))}{(wrong.Count > 10 ? $"; and {wrong.Count - 10} more" : "")}."));
        }
    }
}
