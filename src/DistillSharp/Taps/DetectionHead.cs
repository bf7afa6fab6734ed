using DistillSharp.Graph;
using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Passes;

namespace DistillSharp.Taps;

/// <summary>
/// The head of a detector whose boxes are distributions, found by its structure: on every level one convolution for the box sides and one for the classes, joined to a
/// raw map <c>[N, 4 × bins + classes, h, w]</c> (YOLOv8, YOLO11). Names do not matter, so that an exported or quantised file is understood too.
/// </summary>
/// <param name="Levels">The levels, fine to coarse.</param>
/// <param name="Bins">How many distances a box side is a distribution over.</param>
/// <param name="Classes">The classes told apart.</param>
internal sealed record DetectionHead(IReadOnlyList<DetectionHead.Level> Levels, int Bins, int Classes)
{
    private const int Sides = 4;
    private static readonly HashSet<string> s_passing = new(StringComparer.Ordinal) { "QuantizeLinear", "DequantizeLinear", "Identity", "Cast" };

    /// <summary>One level.</summary>
    /// <param name="Map">The raw map's name.</param>
    /// <param name="Input">The map that both branches read: the neck's output.</param>
    /// <param name="Stride">Pixels of the picture in a cell.</param>
    public sealed record Level(string Map, StageMaps.Map Input, int Stride);

    /// <summary>The strides, fine to coarse.</summary>
    public IReadOnlyList<int> Strides => [.. Levels.Select(level => level.Stride)];

    /// <summary>The raw maps' names, fine to coarse.</summary>
    public IReadOnlyList<string> Maps => [.. Levels.Select(level => level.Map)];

    /// <summary>Looks for the head.</summary>
    /// <param name="graph">A graph whose shapes are known, the picture's size among them.</param>
    /// <returns>The head; null where there is none.</returns>
    public static DetectionHead? Find(ModelGraph graph)
    {
        if (ShapeInference.Find(graph, graph.Inputs[0].Name)?.Shape is not [_, _, { Size: { } height }, _])
        {
            return null;
        }

        var walk = new Walk(graph);
        var found = new List<(Level Level, long Box, long Classes)>();
        foreach (var node in graph.Nodes.Where(node => node is { Operation: "Concat", Inputs.Count: 2 } && node.Int("axis", 0) is 1 or -3))
        {
            if (walk.Convolution(node.Inputs[0]) is { } box && walk.Convolution(node.Inputs[1]) is { } classes
                && walk.ChannelsOf(box) is { } sides && walk.ChannelsOf(classes) is { } scores && sides % Sides == 0 && sides >= 2 * Sides
                && ShapeInference.Find(graph, node.Outputs[0])?.Shape is [_, _, { Size: { } rows }, _]
                && walk.Common(box, classes) is { } input)
            {
                found.Add((new(node.Outputs[0], input, (int)(height / rows)), sides, scores));
            }
        }

        // Levels of one head are alike, and more than one: a single pair of convolutions may be anything.
        return found.GroupBy(level => (level.Box, level.Classes)).MaxBy(group => group.Count()) is { } head && head.Select(level => level.Level.Stride).Distinct().Count() > 1
            ? new([.. head.Select(level => level.Level).OrderBy(level => level.Stride)], (int)(head.Key.Box / Sides), (int)head.Key.Classes)
            : null;
    }

    private sealed class Walk(ModelGraph graph)
    {
        private readonly GraphUses _uses = new(graph);
        private readonly Dictionary<GraphNode, int> _order = graph.Nodes.Select((node, i) => (node, i)).ToDictionary(pair => pair.node, pair => pair.i);

        /// <summary>The convolution that makes a value, rounding and copies aside; null for anything else.</summary>
        public GraphNode? Convolution(string value) => _uses.Producer(Behind(value)) is { Operation: "Conv" } conv ? conv : null;

        public long? ChannelsOf(GraphNode conv) => ShapeInference.Find(graph, conv.Outputs[0])?.Shape is [_, { Size: { } channels }, _, _] ? channels : null;

        /// <summary>The last map that both nodes come from.</summary>
        public StageMaps.Map? Common(GraphNode first, GraphNode second)
        {
            var before = Before(first);
            before.IntersectWith(Before(second));
            foreach (var node in before.OrderByDescending(node => _order[node]))
            {
                string value = Behind(node.Outputs[0]);
                if (ShapeInference.Find(graph, value)?.Shape is [_, { Size: { } channels }, { Size: { } rows }, { Size: { } columns }])
                {
                    return new(value, channels, rows, columns);
                }
            }

            return null;
        }

        private string Behind(string value)
        {
            while (_uses.Producer(value) is { } node && s_passing.Contains(node.Operation))
            {
                value = node.Inputs[0];
            }

            return value;
        }

        private HashSet<GraphNode> Before(GraphNode node)
        {
            var seen = new HashSet<GraphNode>();
            var waiting = new Stack<GraphNode>([node]);
            while (waiting.TryPop(out var one))
            {
                foreach (string input in one.Inputs)
                {
                    if (_uses.Producer(input) is { } producer && seen.Add(producer))
                    {
                        waiting.Push(producer);
                    }
                }
            }

            return seen;
        }
    }
}
