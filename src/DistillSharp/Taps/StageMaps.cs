using DistillSharp.Graph;
using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Passes;

namespace DistillSharp.Taps;

/// <summary>What of a network is worth tapping: the last map of each stage, what it was before its activation, and what goes into the last layer.</summary>
/// <remarks>A stage is all that has the same rows and columns.</remarks>
internal sealed class StageMaps
{
    private static readonly HashSet<string> s_activations = new(StringComparer.Ordinal) { "Relu", "LeakyRelu", "PRelu", "Clip", "Elu", "Selu", "Sigmoid", "HardSwish", "HardSigmoid", "Gelu", "Softplus", "Tanh", "Mish" };
    private readonly ModelGraph _graph;
    private readonly GraphUses _uses;
    private readonly HashSet<string> _before;

    private StageMaps(ModelGraph graph, string logits)
    {
        _graph = graph;
        _uses = new(graph);
        Logits = logits;
        _before = Ancestors(logits);
        Maps = Find();
    }

    /// <summary>A stage's last map.</summary>
    /// <param name="Value">Its name.</param>
    /// <param name="Channels">Its channels.</param>
    /// <param name="Height">Its rows.</param>
    /// <param name="Width">Its columns.</param>
    public sealed record Map(string Value, long Channels, long Height, long Width);

    /// <summary>The value that holds the class scores.</summary>
    public string Logits { get; }

    /// <summary>The last map of each stage, as they follow each other.</summary>
    public IReadOnlyList<Map> Maps { get; }

    /// <summary>The rows of the model's pictures.</summary>
    public long InputHeight => ShapeInference.Find(_graph, _graph.Inputs[0].Name)?.Shape is [_, _, { Size: { } height }, _] ? height : 0;

    /// <summary>What goes into the last layer that has weights.</summary>
    /// <exception cref="GraphException">There is no such layer.</exception>
    public string Embedding => LastLayer().Inputs[0];

    /// <summary>Looks at a graph whose shapes are known.</summary>
    public static StageMaps Of(ModelGraph graph) => new(graph, graph.Outputs[0].Name);

    /// <summary>The layer that makes the logits.</summary>
    public GraphNode LastLayer()
    {
        var node = _uses.Producer(Logits);
        while (node is not null && node.Operation is not ("Gemm" or "MatMul" or "Conv"))
        {
            // Behind the layer there may be a bias, a softmax or a change of shape.
            node = node.Inputs.Select(_uses.Producer).FirstOrDefault(producer => producer is not null);
        }

        return node ?? throw new GraphException($"No fully connected layer makes '{Logits}', so there is no embedding before it. Name the taps.");
    }

    /// <summary>Whether a map is what goes into the last layer, averaged over its rows and columns.</summary>
    public bool GoesIntoLastLayer(string map)
    {
        var node = _uses.Producer(Embedding);
        while (node is { Operation: "Flatten" or "Reshape" or "Squeeze" or "Identity" or "Dropout" })
        {
            node = _uses.Producer(node.Inputs[0]);
        }

        return node is not null && IsMeanOfMap(node) && node.Inputs[0] == map;
    }

    private bool IsMeanOfMap(GraphNode node) => node.Operation switch
    {
        "GlobalAveragePool" => true,
        "AveragePool" or "ReduceMean" => ShapeInference.Find(_graph, node.Outputs[0])?.Shape is [_, _, { Size: 1 }, { Size: 1 }] or [_, _],
        _ => false,
    };

    /// <summary>What a map was before its activation; the map itself where none made it.</summary>
    public string BeforeActivation(string map) => _uses.Producer(map) switch
    {
        { } node when s_activations.Contains(node.Operation) => node.Inputs[0],

        // SiLU is x times its sigmoid.
        { Operation: "Mul" } silu when silu.Inputs.FirstOrDefault(input => _uses.Producer(input) is { Operation: "Sigmoid" or "HardSigmoid" } gate && silu.Inputs.Contains(gate.Inputs[0])) is { } gated => _uses.Producer(gated)!.Inputs[0],
        _ => map,
    };

    /// <summary>The batch normalisation that makes a value, or the main branch of the sum that does; null if there is none.</summary>
    public GraphNode? NormOf(string value)
    {
        var node = _uses.Producer(value);
        return node switch
        {
            { Operation: "BatchNormalization" } => node,
            { Operation: "Add" } => node.Inputs.Select(_uses.Producer).Where(one => one is { Operation: "BatchNormalization" }).MaxBy(one => Depth(one!)),
            _ => null,
        };
    }

    private List<Map> Find()
    {
        var maps = new List<Map>();
        foreach (string value in TapNames.Values(_graph).Where(_before.Contains))
        {
            if (ShapeInference.Find(_graph, value)?.Shape is [_, { Size: { } channels }, { Size: { } height }, { Size: { } width }] && height * width > 1)
            {
                maps.RemoveAll(map => map.Height == height && map.Width == width);
                maps.Add(new(value, channels, height, width));
            }
        }

        return maps;
    }

    private int Depth(GraphNode node) => Ancestors(node.Outputs[0]).Count;

    private HashSet<string> Ancestors(string value)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<string>([value]);
        while (waiting.TryPop(out string? one))
        {
            if (seen.Add(one) && _uses.Producer(one) is { } node)
            {
                foreach (string input in node.Inputs.Where(input => input.Length > 0))
                {
                    waiting.Push(input);
                }
            }
        }

        return seen;
    }
}
