using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Zoo;
using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests;

/// <summary>An untrained classifier's file, with or without a card.</summary>
internal static class TinyModel
{
    public static string Save(TemporaryFolder folder, string name = "tiny.onnx", int classes = 10, int side = 28, int channels = 1, bool card = true)
    {
        var graph = Mlp.Create(new MlpOptions { Widths = [8], Classes = classes, Channels = channels, Height = side, Width = side });
        WeightInitializer.Draw(graph, seed: 3);
        if (card)
        {
            float[] half = [.. Enumerable.Repeat(0.5f, channels)];
            string[] names = [.. Enumerable.Range(0, classes).Select(i => $"kind-{i}")];
            foreach (var (key, value) in new Tasks.ModelCard("classification", names, new(channels, side, side, half, half)).ToMetadata())
            {
                graph.Metadata[key] = value;
            }
        }

        string path = folder[name];
        OnnxFile.Save(graph, path);
        return path;
    }

    /// <summary>The first half of a model's file: what an interrupted copy leaves.</summary>
    public static string SaveTruncated(TemporaryFolder folder)
    {
        byte[] bytes = File.ReadAllBytes(Save(folder, "whole.onnx"));
        return folder.Write("best.onnx", bytes[..(bytes.Length / 2)]);
    }
}
