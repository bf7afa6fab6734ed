using DistillSharp.Graph.Evaluation;

namespace DistillSharp.Graph.Analysis;

/// <summary>
/// The numbers that are known of a graph's values without running it: small constants, and integers that are made of the sizes of
/// values. They flow through Shape, Gather, Concat and arithmetic to the Reshape that wants them.
/// </summary>
/// <param name="graph">The graph.</param>
internal sealed class KnownNumbers(ModelGraph graph)
{
    /// <summary>Shapes are short; what is longer is data.</summary>
    private const int Limit = 1024;

    private static readonly string[] s_layouts = ["Gather", "Slice", "Concat", "Squeeze", "Unsqueeze", "Reshape", "Identity", "Flatten", "Transpose", "Expand", "Tile"];

    private readonly Dictionary<string, TensorData> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long[] Shape, SymbolicInteger[] Elements)> _symbolic = new(StringComparer.Ordinal);

    /// <summary>The constant a value is known to be, or null.</summary>
    public TensorData? Constant(string? name) => graph.FindInitializer(name)?.Data ?? (name is not null ? _constants.GetValueOrDefault(name) : null);

    /// <summary>The integers of a value in C order, each known or not; null if nothing is known of them.</summary>
    public SymbolicInteger[]? Integers(string? name) => Symbolic(name)?.Elements;

    /// <summary>Works out what a node makes, if it can be told.</summary>
    public void Visit(GraphNode node)
    {
        if (node.Domain.Length > 0 || node.Outputs.Count == 0)
        {
            return;
        }

        TensorData?[] inputs = [.. node.Inputs.Select(name => Constant(name.Length > 0 ? name : null))];
        bool all = node.Inputs.Zip(inputs).All(pair => pair.First.Length == 0 || pair.Second is { Count: <= Limit });
        if (all && ConstantEvaluator.Evaluate(node, graph.Opset, inputs, Limit) is { } values)
        {
            foreach (var (name, value) in node.Outputs.Zip(values))
            {
                _constants[name] = value;
            }

            return;
        }

        if (OfSizes(node) is { } made && made.Elements.Length <= Limit)
        {
            if (made.Elements.All(element => element.Value is not null))
            {
                _constants[node.Outputs[0]] = TensorData.Create<long>([.. made.Elements.Select(element => element.Value!.Value)], made.Shape);
            }
            else
            {
                _symbolic[node.Outputs[0]] = made;
            }
        }
    }

    private (long[] Shape, SymbolicInteger[] Elements)? Symbolic(string? name)
    {
        if (name is not null && _symbolic.TryGetValue(name, out var known))
        {
            return known;
        }

        return Constant(name) is { Count: <= Limit } data && (data.Type.IsInteger() || data.Type == ElementType.Bool)
            ? ([.. data.Shape], [.. data.ToLongs().Select(SymbolicInteger.Of)])
            : null;
    }

    private (long[] Shape, SymbolicInteger[] Elements)? OfSizes(GraphNode node) => node.Operation switch
    {
        "Shape" when ShapeInference.Find(graph, node.InputOrNull(0))?.Shape is { } shape => Sliced(node, [.. shape.Select(SymbolicInteger.Of)]),
        "Size" when ShapeInference.Find(graph, node.InputOrNull(0))?.Shape is { } shape => ([], [shape.Select(SymbolicInteger.Of).Aggregate(SymbolicInteger.Of(1), (a, b) => SymbolicInteger.Combine("Mul", a, b))]),
        "Cast" when node.Int("to", 0) is (long)ElementType.Int64 or (long)ElementType.Int32 => _symbolic.TryGetValue(node.Inputs[0], out var same) ? same : null,
        "Add" or "Sub" or "Mul" or "Div" or "Min" or "Max" when node.Inputs.Count == 2 => Pairs(node, (a, b) => SymbolicInteger.Combine(node.Operation, a, b)),
        "Equal" => Pairs(node, Equal),
        "Where" => Chosen(node),
        _ when s_layouts.Contains(node.Operation) => Moved(node, node.Operation == "Concat" ? [.. Enumerable.Range(0, node.Inputs.Count)] : [0]),
        _ => null,
    };

    private static (long[], SymbolicInteger[]) Sliced(GraphNode node, SymbolicInteger[] sizes)
    {
        int From(string name, int fallback) => (int)Math.Clamp(node.Int(name, fallback) is var at && at < 0 ? at + sizes.Length : at, 0, sizes.Length);
        int start = From("start", 0), end = Math.Max(start, From("end", sizes.Length));
        return ([end - start], sizes[start..end]);
    }

    /// <summary>A size is never negative, and equal names are equal sizes; else it cannot be told.</summary>
    private static SymbolicInteger Equal(SymbolicInteger a, SymbolicInteger b) =>
        a.Value is { } x && b.Value is { } y ? SymbolicInteger.Of(x == y ? 1 : 0)
        : a.Symbol is not null && a == b ? SymbolicInteger.Of(1)
        : (a.Symbol is not null && b.Value < 0) || (b.Symbol is not null && a.Value < 0) ? SymbolicInteger.Of(0)
        : default;

    private (long[], SymbolicInteger[])? Pairs(GraphNode node, Func<SymbolicInteger, SymbolicInteger, SymbolicInteger> combine)
    {
        if (Symbolic(node.InputOrNull(0)) is not { } a || Symbolic(node.InputOrNull(1)) is not { } b || Broadcast.Shape(a.Shape, b.Shape) is not { } shape || Count(shape) > Limit)
        {
            return null;
        }

        var left = Broadcast.Map(a.Shape, shape).Apply<SymbolicInteger>(a.Elements);
        return (shape, [.. left.Zip(Broadcast.Map(b.Shape, shape).Apply<SymbolicInteger>(b.Elements), combine)]);
    }

    private (long[], SymbolicInteger[])? Chosen(GraphNode node)
    {
        if (Symbolic(node.InputOrNull(0)) is not { } condition || Symbolic(node.InputOrNull(1)) is not { } x || Symbolic(node.InputOrNull(2)) is not { } y
            || Broadcast.Shape(x.Shape, y.Shape) is not { } both || Broadcast.Shape(both, condition.Shape) is not { } shape || Count(shape) > Limit)
        {
            return null;
        }

        SymbolicInteger[] Wide((long[] Shape, SymbolicInteger[] Elements) value) => Broadcast.Map(value.Shape, shape).Apply<SymbolicInteger>(value.Elements);
        SymbolicInteger[] left = Wide(x), right = Wide(y);
        return (shape, [.. Wide(condition).Select((told, i) => told.Value is { } known ? (known != 0 ? left[i] : right[i]) : left[i] == right[i] ? left[i] : default)]);
    }

    /// <summary>Operators that move elements move the elements' numbers in their place, whatever the elements are.</summary>
    private (long[], SymbolicInteger[])? Moved(GraphNode node, int[] data)
    {
        var elements = new List<SymbolicInteger>();
        var inputs = new TensorData?[node.Inputs.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (!data.Contains(i))
            {
                inputs[i] = Constant(node.InputOrNull(i));
                if (inputs[i] is null && node.InputOrNull(i) is not null)
                {
                    return null;
                }

                continue;
            }

            if (Symbolic(node.InputOrNull(i)) is not { } known)
            {
                return null;
            }

            inputs[i] = TensorData.Create<long>([.. Enumerable.Range(elements.Count, known.Elements.Length).Select(at => (long)at)], known.Shape);
            elements.AddRange(known.Elements);
        }

        return ConstantEvaluator.Evaluate(node, graph.Opset, inputs, Limit) is [{ } moved] ? ([.. moved.Shape], [.. moved.ToLongs().Select(at => elements[(int)at])]) : null;
    }

    private static Int128 Count(IEnumerable<long> shape) => shape.Aggregate((Int128)1, (product, size) => product * size);
}
