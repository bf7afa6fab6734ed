using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Graph.Passes;
using DistillSharp.Runtime.Comparison;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;

namespace DistillSharp.Detection.Export;

/// <summary>Runs an exported detector beside the original, and its suppression beside the library's own.</summary>
internal static class DetectorExportCheck
{
    /// <summary>
    /// What folding alone may move: a share of the picture's longer side, a score, and the pixels of a chosen box. A trained detector stays a thousand times below;
    /// weights that never saw a picture blow float32's last digits up.
    /// </summary>
    private const double MostOfSide = 1e-2, MostScore = 5e-2, MostPixels = 0.05;
    private const int Places = 2100, Cell = 16;

    /// <summary>Compares all boxes and scores for pictures of smooth noise; a dynamic file for two shapes.</summary>
    /// <param name="original">The model as it was, with the names of the file.</param>
    /// <param name="exported">The file before a suppression.</param>
    /// <param name="sizes">The sizes it is for.</param>
    /// <param name="input">The mean and deviation that the model's card asks for.</param>
    /// <param name="exact">Whether nothing may have been rounded.</param>
    /// <returns>The differences, and whether they are small.</returns>
    /// <exception cref="GraphException">The answers differ though nothing was rounded, or are of another shape.</exception>
    public static IReadOnlyList<DetectorComparison> Compare(ModelGraph original, ModelGraph exported, ExportSizes sizes, ImageInput input, bool exact)
    {
        var shapes = new List<long[]> { new long[] { sizes.Batch, sizes.Channels, sizes.Height, sizes.Width } };
        if (sizes.IsDynamic)
        {
            shapes.Add([2, sizes.Channels, sizes.Stride * 2, sizes.Stride * 3]);
        }

        return [.. shapes.Select(shape => Compare(original, exported, shape, input, exact))];
    }

    /// <summary>Runs the suppression by itself on crowded boxes and holds it against the library's decoder.</summary>
    /// <param name="graph">The file.</param>
    /// <param name="options">What its suppression is to do.</param>
    /// <exception cref="GraphException">They differ.</exception>
    public static void Suppresses(ModelGraph graph, SuppressBoxesOptions options)
    {
        var behind = new ExtractPass([SuppressBoxesPass.Inner], [graph.Outputs[0].Name]).Apply(graph).Graph;
        var shape = behind.Inputs[0].Shape!;
        int batch = (int)(shape[0].Size ?? 2), classes = (int)shape[1].Size! - 4, places = (int)(shape[2].Size ?? Places);
        var predictions = Crowd(batch, classes, places);
        var rows = GraphRun.Run(behind, new Dictionary<string, TensorData> { [SuppressBoxesPass.Inner] = predictions })[graph.Outputs[0].Name];
        var decoder = new DetectionDecoder(new() { Confidence = options.Confidence, Iou = options.Iou, MaxDetections = options.MaxDetections, MaxCandidates = int.MaxValue });
        var finished = new DetectionOutput(DetectionForm.Finished, 0, options.MaxDetections);
        List<DetectedBox> expected = [], found = [];
        for (int picture = 0; picture < batch; picture++)
        {
            decoder.Decode(predictions.AsSpan<float>().Slice(picture * (4 + classes) * places, (4 + classes) * places), new(DetectionForm.Planes, classes, places), expected);
            new DetectionDecoder(new() { Confidence = 0, MaxDetections = options.MaxDetections }).Decode(rows.AsSpan<float>().Slice(picture * finished.Length, finished.Length), finished, found);
            if (expected.Count != found.Count || expected.Zip(found).Any(pair => pair.First.ClassIndex != pair.Second.ClassIndex || Distance(pair.First, pair.Second) > MostPixels))
            {
                throw new GraphException($"The suppression in the file chose {found.Count} boxes where the library chooses {expected.Count}, or others: nothing was written. Export without it and suppress outside.");
            }
        }
    }

    private static DetectorComparison Compare(ModelGraph original, ModelGraph exported, long[] shape, ImageInput input, bool exact)
    {
        var feeds = new Dictionary<string, TensorData> { [original.Inputs[0].Name] = Clouds(shape, input) };
        TensorData before = GraphRun.Run(original, feeds).Values.Single(), after = GraphRun.Run(exported, feeds).Values.Single();
        if (before.Shape.Count != 3 || !before.Shape.SequenceEqual(after.Shape))
        {
            throw new GraphException($"The file answers [{string.Join(", ", after.Shape)}] where the model answered [{string.Join(", ", before.Shape)}]; [N, 4 + classes, places] was expected of both.");
        }

        double[] largest = [0, 0];
        int places = (int)before.Shape[2], rows = (int)before.Shape[1];
        ReadOnlySpan<float> a = before.AsSpan<float>(), b = after.AsSpan<float>();
        for (int i = 0; i < a.Length; i++)
        {
            int what = i / places % rows < 4 ? 0 : 1;
            double difference = Math.Abs(a[i] - b[i]);
            largest[what] = Math.Max(largest[what], double.IsNaN(difference) ? double.PositiveInfinity : difference);
        }

        bool small = largest[0] <= MostOfSide * Math.Max(shape[2], shape[3]) && largest[1] <= MostScore;
        return small || !exact ? new(shape, largest[0], largest[1], small)
            : throw new GraphException(string.Create(CultureInfo.InvariantCulture, $"The file's boxes differ from the model's by up to {largest[0]:0.###} pixels and its scores by up to {largest[1]:0.######}, though nothing was rounded: nothing was written. Please report this model."));
    }

    /// <summary>Pictures of smooth noise, normalised as the model takes them: as pictures are, neighbours are alike. Every pixel at random is nothing a detector was made for, and drowns it in rounding.</summary>
    private static TensorData Clouds(long[] shape, ImageInput input)
    {
        var random = new SampleRandom(0, 0, 0);
        var pictures = new TensorData(ElementType.Float32, shape, new byte[checked(TensorData.CountOf(shape) * sizeof(float))]);
        var values = pictures.AsSpan<float>();
        int height = (int)shape[2], width = (int)shape[3], columns = (width / Cell) + 2;
        double[] knots = new double[((height / Cell) + 2) * columns];
        for (int plane = 0; plane < values.Length / (height * width); plane++)
        {
            int channel = plane % (int)shape[1];
            double mean = input.Mean.ElementAtOrDefault(channel), deviation = channel < input.Deviation.Count ? input.Deviation[channel] : 1;
            foreach (ref double knot in knots.AsSpan())
            {
                knot = random.NextDouble();
            }

            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    double right = x % Cell / (double)Cell, down = y % Cell / (double)Cell;
                    int at = (y / Cell * columns) + (x / Cell);
                    double above = knots[at] + ((knots[at + 1] - knots[at]) * right), below = knots[at + columns] + ((knots[at + columns + 1] - knots[at + columns]) * right);
                    values[(((plane * height) + y) * width) + x] = (float)((above + ((below - above) * down) - mean) / deviation);
                }
            }
        }

        return pictures;
    }

    /// <summary>Boxes around few centres, so that many overlap, with scores of which some are high.</summary>
    private static TensorData Crowd(int batch, int classes, int places)
    {
        var random = new SampleRandom(1, 0, 0);
        var crowd = new TensorData(ElementType.Float32, [batch, 4 + classes, places], new byte[checked((long)batch * (4 + classes) * places * sizeof(float))]);
        var values = crowd.AsSpan<float>();
        for (int i = 0; i < values.Length; i++)
        {
            int row = i / places % (4 + classes);
            values[i] = row < 2 ? (float)((random.NextInt(8) * 40) + random.NextDouble(0, 12)) : row < 4 ? (float)random.NextDouble(20, 60) : (float)Math.Pow(random.NextDouble(), 6);
        }

        return crowd;
    }

    private static double Distance(DetectedBox a, DetectedBox b) =>
        new[] { a.Box.Left - b.Box.Left, a.Box.Top - b.Box.Top, a.Box.Right - b.Box.Right, a.Box.Bottom - b.Box.Bottom, (a.Confidence - b.Confidence) * 100 }.Max(Math.Abs);
}
