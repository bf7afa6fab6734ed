using System.Globalization;
using System.Text.RegularExpressions;
using DistillSharp.Tasks.Detection;
using DistillSharp.TestKit.Golden;

namespace DistillSharp.Tasks.Tests.Detection;

/// <summary>The reference's suppression of random detections: every <c>nms*.npz</c>, in each layout that exporters write.</summary>
[Trait("Category", "Golden")]
public sealed partial class GoldenSuppressionTests
{
    [Fact]
    public void Boxes_are_the_references_in_its_order()
    {
        var paths = GoldenFiles.Of("yolo", "nms*.npz");
        int pictures = 0;
        foreach (string path in paths)
        {
            var golden = NpzFile.Read(path);
            var shape = golden["prediction"].Shape;
            int places = (int)shape[2], width = (int)shape[1];
            float[] all = [.. golden["prediction"].Values.Select(value => (float)value)];
            foreach (string setting in golden.Keys.Where(key => key.EndsWith("_count", StringComparison.Ordinal)).Select(key => key[..^"_count".Length]))
            {
                var decoder = new DetectionDecoder(Options(setting));
                for (int i = 0; i < shape[0]; i++)
                {
                    float[] planes = all[(i * width * places)..((i + 1) * width * places)];
                    float[] rows = [.. Enumerable.Range(0, planes.Length).Select(at => planes[(at % width * places) + (at / width)])];
                    List<DetectedBox> found = [], foundInRows = [];
                    decoder.Decode(planes, DetectionOutput.Of([1, width, places], width - 4), found);
                    decoder.Decode(rows, DetectionOutput.Of([1, places, width], width - 4), foundInRows);

                    var expected = golden[$"{setting}_img{i}"];
                    Assert.Equal(golden[$"{setting}_count"].Values[i], found.Count);
                    Assert.Equal(expected.Values.Chunk(6).Select(row => (Confidence: (float)row[4], Class: (int)row[5])), found.Select(box => (box.Confidence, box.ClassIndex)));
                    double[] corners = [.. found.SelectMany(box => new double[] { box.Box.Left, box.Box.Top, box.Box.Right, box.Box.Bottom })];
                    Assert.All(corners.Zip(expected.Values.Chunk(6).SelectMany(row => row[..4])), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
                    Assert.Equal(found, foundInRows);
                    pictures++;
                }
            }
        }

        Assert.NotEqual(0, pictures);
        TestContext.Current.TestOutputHelper?.WriteLine($"{paths.Count} files, {pictures} pictures and settings");
    }

    /// <summary><c>c25</c> is a confidence of 0.25, <c>c001_multi</c> one of 0.001 with every class of a place; the overlap is 0.7.</summary>
    private static NonMaxSuppressionOptions Options(string setting)
    {
        var match = Setting().Match(setting);
        Assert.True(match.Success, $"'{setting}' is no setting that is understood.");
        return new() { Confidence = float.Parse("0." + match.Groups[1].Value, CultureInfo.InvariantCulture), Iou = 0.7f, MultiLabel = match.Groups[2].Success };
    }

    [GeneratedRegex("^c([0-9]+)(_multi)?$")]
    private static partial Regex Setting();
}
