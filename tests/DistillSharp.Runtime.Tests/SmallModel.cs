using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Zoo;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Runtime.Tests;

/// <summary>Models small enough to work out by hand, and the pictures they see.</summary>
internal static class SmallModel
{
    public static ImageInput Input { get; } = new(1, 2, 2, [0.5f], [0.5f]);

    public static ModelCard Card { get; } = new("classification", ["dark", "bright"], Input);

    /// <summary>Logits (-sum, +sum) of the four normalised pixels: dark pictures are class 0, bright ones class 1.</summary>
    public static ModelGraph Graph(ModelCard? card)
    {
        var graph = Mlp.Create(new() { Widths = [], Classes = 2, Channels = 1, Height = 2, Width = 2 });
        graph.FindInitializer("fc1.weight")!.Data = TensorData.Create<float>([-1, -1, -1, -1, 1, 1, 1, 1], 2, 4);
        foreach (var (key, value) in card?.ToMetadata() ?? new Dictionary<string, string>())
        {
            graph.Metadata[key] = value;
        }

        return graph;
    }

    public static ModelSession Session(ModelCard? card = null) => ModelSession.Open(OnnxFile.Serialize(Graph(card)), new() { Threads = 1 });

    public static PixelImage Grey(byte value) => new(1, 2, 2, [value, value, value, value]);

    /// <summary>A network of some size, for what must take time.</summary>
    public static ModelGraph ResNet()
    {
        var graph = DistillSharp.Graph.Zoo.ResNet.ResNet8(new() { Height = 8, Width = 8 });
        WeightInitializer.Draw(graph, seed: 1);
        return graph;
    }
}
