using DistillSharp.Graph.Passes;

namespace DistillSharp.Graph.Quantization;

/// <summary>Two layers of which the second reads, channel by channel, what the first makes.</summary>
internal sealed class LayerPair
{
    private readonly GraphNode _first, _second;

    private LayerPair(GraphNode first, GraphNode second) => (_first, _second) = (first, second);

    /// <summary>Finds the pairs of a graph; weights that others read too are cloned.</summary>
    public static List<LayerPair> FindAll(ModelGraph graph)
    {
        var pairs = new List<LayerPair>();
        var uses = new GraphUses(graph);
        foreach (var first in graph.Nodes.Where(node => IsLayer(graph, node)).ToList())
        {
            string value = first.Outputs[0];
            while (uses.OnlyReader(value) is { Domain: "", Operation: "Relu" or "LeakyRelu" or "MaxPool" or "AveragePool" or "GlobalAveragePool" } through && through.Outputs.Count == 1)
            {
                value = through.Outputs[0];
            }

            if (uses.OnlyReader(value) is { } second && second.InputOrNull(0) == value && IsLayer(graph, second) && ChannelsIn(graph, second) == ChannelsOut(graph, first))
            {
                pairs.Add(new(first, second));
            }
        }

        foreach (var node in pairs.SelectMany(pair => new[] { pair._first, pair._second }).Distinct().ToList())
        {
            OwnedWeight.Claim(graph, new GraphUses(graph), node, 1);
            if (node.InputOrNull(2) is not null)
            {
                OwnedWeight.Claim(graph, new GraphUses(graph), node, 2);
            }
        }

        return pairs;
    }

    /// <summary>Gives both layers the same range in every channel.</summary>
    /// <returns>The largest factor's distance from 1.</returns>
    public double Equalize(ModelGraph graph)
    {
        var from = graph.FindInitializer(_first.Inputs[1])!.Data;
        var to = graph.FindInitializer(_second.Inputs[1])!.Data;
        int channels = (int)ChannelsOut(graph, _first);
        double[] made = new double[channels], read = new double[channels];
        Visit(from, index => OutputChannel(_first, from.Shape, index), made, (ref float weight, ref double range) => range = Math.Max(range, Math.Abs(weight)));
        Visit(to, index => InputChannel(_second, to.Shape, index), read, (ref float weight, ref double range) => range = Math.Max(range, Math.Abs(weight)));
        double[] factors = [.. made.Zip(read, (a, b) => a > 0 && b > 0 ? Math.Clamp(Math.Sqrt(a / b), 1e-3, 1e3) : 1)];
        Visit(from, index => OutputChannel(_first, from.Shape, index), factors, (ref float weight, ref double factor) => weight = (float)(weight / factor));
        Visit(to, index => InputChannel(_second, to.Shape, index), factors, (ref float weight, ref double factor) => weight = (float)(weight * factor));
        if (graph.FindInitializer(_first.InputOrNull(2)) is { } bias)
        {
            Visit(bias.Data, index => index, factors, (ref float weight, ref double factor) => weight = (float)(weight / factor));
        }

        return factors.Max(factor => Math.Abs(factor - 1));
    }

    private delegate void Action(ref float weight, ref double number);

    private static void Visit(TensorData data, Func<long, long> channelOf, double[] numbers, Action action)
    {
        var weights = data.AsSpan<float>();
        for (int i = 0; i < weights.Length; i++)
        {
            action(ref weights[i], ref numbers[channelOf(i)]);
        }
    }

    private static bool IsLayer(ModelGraph graph, GraphNode node) =>
        node is { Domain: "", Operation: "Conv" or "Gemm" } && graph.FindInitializer(node.InputOrNull(1)) is not null && WeightedLayer.Obstacle(graph, node) is null;

    private static long ChannelsOut(ModelGraph graph, GraphNode node) => graph.FindInitializer(node.Inputs[1])!.Data.Shape[WeightedLayer.Axis(node)];

    private static long ChannelsIn(ModelGraph graph, GraphNode node)
    {
        var shape = graph.FindInitializer(node.Inputs[1])!.Data.Shape;
        return node.Operation == "Conv" ? shape[1] * node.Int("group", 1) : shape[1 - WeightedLayer.Axis(node)];
    }

    private static long OutputChannel(GraphNode node, IReadOnlyList<long> shape, long index)
    {
        var (inner, channels) = WeightedLayer.Layout(shape, WeightedLayer.Axis(node));
        return index / inner % channels;
    }

    /// <summary>The input channel of a weight; a group of a Conv sees only its share.</summary>
    private static long InputChannel(GraphNode node, IReadOnlyList<long> shape, long index)
    {
        if (node.Operation == "Gemm")
        {
            var (step, count) = WeightedLayer.Layout(shape, 1 - WeightedLayer.Axis(node));
            return index / step % count;
        }

        var (inner, perGroup) = WeightedLayer.Layout(shape, 1);
        long output = index / inner / perGroup, group = output / (shape[0] / node.Int("group", 1));
        return (group * perGroup) + (index / inner % perGroup);
    }
}
