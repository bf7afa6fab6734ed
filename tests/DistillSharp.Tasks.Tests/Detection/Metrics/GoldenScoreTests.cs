using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Metrics;
using DistillSharp.TestKit.Golden;

namespace DistillSharp.Tasks.Tests.Detection.Metrics;

/// <summary>The reference's scores of made-up detections: every <c>map*.npz</c>, each number within 1e-6.</summary>
[Trait("Category", "Golden")]
public sealed class GoldenScoreTests
{
    [Fact]
    public void Every_number_is_the_references()
    {
        var paths = GoldenFiles.Of("yolo", "map*.npz");
        foreach (string path in paths)
        {
            var golden = NpzFile.Read(path);
            var truths = golden["gt"].Values.Chunk(6).ToLookup(row => (int)row[0], row => new TrueBox(Box(row, 2), (int)row[1]));
            var found = golden["pred"].Values.Chunk(7).ToLookup(row => (int)row[0], row => new DetectedBox(Box(row, 1), (float)row[5], (int)row[6]));
            int pictures = (int)golden["n_images"].Scalar;
            var scorer = new DetectionScorer((int)golden["nc"].Scalar);
            List<double> right = [];
            for (int i = 0; i < pictures; i++)
            {
                DetectedBox[] boxes = [.. found[i]];
                ushort[] bits = new ushort[boxes.Length];
                BoxMatcher.Match(boxes, [.. truths[i]], bits);
                right.AddRange(bits.SelectMany(one => Enumerable.Range(0, BoxMatcher.ThresholdCount).Select(bit => (double)((one >> bit) & 1))));
                scorer.Add(boxes, [.. truths[i]]);
            }

            var score = scorer.Score();
            Assert.Equal(golden["stat_tp"].Values, right);
            Equal(golden, "iouv", BoxMatcher.Thresholds.Select(value => (double)value));
            Assert.Equal((pictures, golden["gt"].Shape[0]), (score.Images, (long)score.Instances));
            Assert.Equal(golden["ap_class_index"].Values, score.Classes.Select(one => (double)one.ClassIndex));
            Equal(golden, "p", score.Classes.Select(one => one.Precision));
            Equal(golden, "r", score.Classes.Select(one => one.Recall));
            Equal(golden, "f1", score.Classes.Select(one => one.F1));
            Equal(golden, "tp", score.Classes.Select(one => one.TruePositives));
            Equal(golden, "fp", score.Classes.Select(one => one.FalsePositives));
            Equal(golden, "ap", score.Classes.SelectMany(one => one.AveragePrecisions));
            Equal(golden, "ap50", score.Classes.Select(one => one.Ap50));
            Equal(golden, "ap50_95", score.Classes.Select(one => one.Ap));
            Equal(golden, "px", DetectionCurves.Axis);
            Equal(golden, "p_curve", score.Curves.Precision.SelectMany(curve => curve));
            Equal(golden, "r_curve", score.Curves.Recall.SelectMany(curve => curve));
            Equal(golden, "f1_curve", score.Curves.F1.SelectMany(curve => curve));

            // The reference leaves out the curves of classes of which nothing was found.
            HashSet<int> seen = [.. found.SelectMany(group => group).Select(box => box.ClassIndex)];
            Equal(golden, "prec_values", score.Classes.Zip(score.Curves.PrecisionOverRecall).Where(pair => seen.Contains(pair.First.ClassIndex)).SelectMany(pair => pair.Second));
            Equal(golden, "maps", score.PerClass());
            Equal(golden, "mean_results", [score.Precision, score.Recall, score.Map50, score.Map]);
            Equal(golden, "map75", [score.Map75]);
            Equal(golden, "fitness", [score.Fitness]);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{paths.Count} files");
    }

    private static BoundingBox Box(double[] row, int at) => new((float)row[at], (float)row[at + 1], (float)row[at + 2], (float)row[at + 3]);

    private static void Equal(IReadOnlyDictionary<string, NpyArray> golden, string name, IEnumerable<double> found)
    {
        double[] values = [.. found];
        Assert.True(golden[name].Values.Count == values.Length, $"{name} has {values.Length} numbers instead of {golden[name].Values.Count}.");
        Assert.All(golden[name].Values.Zip(values), pair => Assert.True(Math.Abs(pair.First - pair.Second) < 1e-6, $"{name} is off by {Math.Abs(pair.First - pair.Second)}."));
    }
}
