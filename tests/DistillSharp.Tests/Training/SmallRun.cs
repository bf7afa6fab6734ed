using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Zoo;
using DistillSharp.Observers;
using DistillSharp.Plugins;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;
using DistillSharp.Training;

namespace DistillSharp.Tests.Training;

/// <summary>A run of milliseconds: a dozen pictures of 8x8 in three classes.</summary>
internal static class SmallRun
{
    public const int Classes = 3;

    public static ModelCard Card { get; } = new("classification", ["a", "b", "c"], new(3, 8, 8, [0.5f, 0.5f, 0.5f], [0.25f, 0.25f, 0.25f]));

    /// <summary>Pictures of noise; a class is a little brighter than the one before.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Which.</param>
    /// <param name="mislabelled">Whether each is called the next class: the better a model learns the others, the worse it scores these.</param>
    public static MemorySamples Pictures(int count, int seed = 0, bool mislabelled = false)
    {
        var images = new PixelImage[count];
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++)
        {
            var random = new SampleRandom(seed, 1, i);
            labels[i] = (byte)random.NextInt(Classes);
            byte[] pixels = new byte[3 * 8 * 8];
            foreach (ref byte pixel in pixels.AsSpan())
            {
                pixel = (byte)((40 * labels[i]) + random.NextInt(150));
            }

            images[i] = new(3, 8, 8, pixels);
            labels[i] = (byte)((labels[i] + (mislabelled ? 1 : 0)) % Classes);
        }

        return new("noise", images, labels);
    }

    public static ModelGraph Mlp(params int[] widths) => Drawn("mlp", new MlpOptions { Widths = widths, Classes = Classes, Height = 8, Width = 8 });

    public static ModelGraph Drawn(string key, ModelOptions options)
    {
        var graph = PluginCatalogs.BuiltIn.Models.Build(key, options);
        WeightInitializer.Draw(graph, seed: 5);
        return graph;
    }

    public static Batch FirstBatch(int count = 6) => new BatchLoader(Pictures(count), new() { Input = Card.Input, BatchSize = count, Workers = 0 }).Epoch(0).First();

    public static ClassificationSetup Setup(ModelGraph graph, TrainingOptions options, string? folder = null, params TrainingObserver[] observers) => new()
    {
        Name = "student",
        Graph = graph,
        Card = Card,
        Data = Pictures(10),
        HeldOut = Pictures(9, seed: 1),
        Options = options,
        Seed = 42,
        Threads = 1,
        Folder = folder,
        Observers = observers,
    };
}
