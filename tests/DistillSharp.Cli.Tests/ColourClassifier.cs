using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Tasks;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Handwritten;

namespace DistillSharp.Cli.Tests;

/// <summary>A classifier of <see cref="PictureFolder"/>'s images that makes no mistake: the logit of a class is how much of its colour there is.</summary>
internal static class ColourClassifier
{
    /// <summary>Writes the file.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="colours">The colour of each output: red, blue or green.</param>
    /// <param name="names">The names on the card; null for no card.</param>
    /// <param name="name">The file.</param>
    public static string Save(TemporaryFolder folder, string[] colours, string[]? names, string name = "colours.onnx")
    {
        float[] rows = [.. colours.SelectMany(colour => new[] { colour == "red" ? 9f : -3, colour == "green" ? 9f : -3, colour == "blue" ? 9f : -3 })];
        var graph = new Sketch().Input("x", Dimension.Named("batch"), 3, 8, 8).Floats("w", [colours.Length, 3], rows).Floats("b", [colours.Length], new float[colours.Length])
            .Node("GlobalAveragePool", "x", "p").Node("Flatten", "p", "f").Node("Gemm", "f,w,b", "y", ("transB", new IntValue(1))).Output("y", Dimension.Named("batch"), colours.Length).Graph;
        foreach (string weight in new[] { "w", "b" })
        {
            graph.FindInitializer(weight)!.Trainable = true;
        }

        if (names is not null)
        {
            foreach (var (key, value) in new ModelCard("classification", names, new(3, 8, 8, [0, 0, 0], [1, 1, 1])).ToMetadata())
            {
                graph.Metadata[key] = value;
            }
        }

        OnnxFile.Save(graph, folder[name]);
        return folder[name];
    }
}
