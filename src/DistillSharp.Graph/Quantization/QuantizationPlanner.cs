using DistillSharp.Graph.Passes;

namespace DistillSharp.Graph.Quantization;

/// <summary>Walks a graph once and decides what is quantised.</summary>
internal sealed class QuantizationPlanner
{
    private readonly ModelGraph _graph;
    private readonly GraphUses _uses;
    private readonly HashSet<GraphNode> _nodes = new(ReferenceEqualityComparer.Instance);
    private readonly List<GraphNode> _weighted = [];
    private readonly List<string> _notes = [];
    private readonly ScaleGroups _groups;

    private QuantizationPlanner(ModelGraph graph)
    {
        _graph = graph;
        _uses = new(graph);
        _groups = new(graph, _uses);
    }

    public static QuantizationPlan Plan(ModelGraph graph, QuantizationOptions options)
    {
        if (graph.Opset < QuantizationPlan.LeastOpset)
        {
            throw new GraphException($"The graph is written for operator set {graph.Opset}, and quantising needs {QuantizationPlan.LeastOpset} or more. Upgrade it first.");
        }

        var kept = KeptNodes.Of(graph, options);
        var planner = new QuantizationPlanner(graph);
        planner.ChooseNodes(kept);
        int layers = graph.Nodes.Count(node => OperatorRoles.Of(graph, node) == OperatorRole.Weighted);
        return new([.. graph.Nodes.Where(planner._nodes.Contains)], planner._weighted, planner._notes, planner.ChooseValues()) { FloatLayers = layers - planner._weighted.Count };
    }

    private void ChooseNodes(HashSet<GraphNode> kept)
    {
        if (_graph.Nodes.FirstOrDefault(OperatorRoles.IsQuantized) is { } quantized)
        {
            throw new GraphException($"The graph is quantised already: it holds {quantized}. Quantise the float model it was made from.");
        }

        foreach (var node in _graph.Nodes)
        {
            var role = OperatorRoles.Of(_graph, node);
            if (role == OperatorRole.None)
            {
                continue;
            }

            if (kept.Contains(node))
            {
                _notes.Add($"{node} stays in float: asked for.");
            }
            else if (role == OperatorRole.Weighted)
            {
                if (WeightedLayer.Obstacle(_graph, node) is { } obstacle)
                {
                    _notes.Add($"{node} stays in float: {obstacle}.");
                    continue;
                }

                _nodes.Add(node);
                _weighted.Add(node);
            }
            else if (OperatorRoles.DataInputs(node).Any(i => _uses.Producer(node.InputOrNull(i)) is { } producer && _nodes.Contains(producer)))
            {
                _nodes.Add(node);
            }
        }

        if (_weighted.Count == 0)
        {
            throw new GraphException($"There is nothing to quantise: {(_notes.Count == 0 ? "the graph holds no Conv, ConvTranspose, Gemm or MatMul." : string.Join(" ", _notes.Take(5)))}");
        }
    }

    private List<QuantizedValue> ChooseValues()
    {
        var wanted = new OrderedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var node in _graph.Nodes.Where(_nodes.Contains))
        {
            var role = OperatorRoles.Of(_graph, node);
            foreach (string name in OperatorRoles.DataInputs(node).Select(i => node.Inputs[i]).Where(name => _graph.FindInitializer(name) is null && !IsFused(name)))
            {
                wanted.TryAdd(name, true);
            }

            // A product may end in float, and does where nobody reads it as integers.
            bool endsInFloat = node.Operation is "Gemm" or "MatMul" && !_uses.Readers(node.Outputs[0]).Any(use => _nodes.Contains(use.Node));
            foreach (string name in node.Outputs.Where(name => name.Length > 0 && !endsInFloat && !IsFused(name)))
            {
                wanted.TryAdd(name, true);
            }

            if (role == OperatorRole.PassThrough)
            {
                _groups.Join(node);
            }
        }

        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var values = new List<QuantizedValue>();
        foreach (string name in wanted.Keys)
        {
            string root = _groups.RootOf(name);
            numbers.TryAdd(root, numbers.Count);
            var rectifier = _uses.Producer(name) is { } producer && _nodes.Contains(producer) && OperatorRoles.Of(_graph, producer) == OperatorRole.Rectifier ? producer : null;
            values.Add(new(name, rectifier?.Inputs[0] ?? name, numbers[root], _groups.IsObserved(name, _nodes), rectifier, _groups.BoundsOf(name)));
        }

        return values;
    }

    /// <summary>Whether a value goes straight into the one Relu or Clip that is quantised in its stead.</summary>
    private bool IsFused(string name) =>
        _uses.OnlyReader(name) is { } reader && _nodes.Contains(reader) && OperatorRoles.Of(_graph, reader) == OperatorRole.Rectifier
        && _uses.Producer(name) is { } producer && _nodes.Contains(producer) && OperatorRoles.Of(_graph, producer) is not (OperatorRole.PassThrough or OperatorRole.Rectifier);
}
