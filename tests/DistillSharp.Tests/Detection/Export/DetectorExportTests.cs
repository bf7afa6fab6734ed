using DistillSharp.Detection.Export;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Runtime.Comparison;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Detection;

namespace DistillSharp.Tests.Detection.Export;

[Trait("Category", "Golden")]
public sealed class DetectorExportTests
{
    [Fact]
    public void A_file_for_one_size_answers_as_the_checkpoint_does_and_holds_little_but_weights()
    {
        var detector = GoldenDetector.Open();
        var result = DetectorExport.Run(detector, new() { Size = (160, 224), Batch = 2 });
        var pictures = GoldenDetector.Pictures(2, 160, 224);

        Assert.Equal(["images: Float32 [2, 3, 160, 224]"], result.Graph.Inputs.Select(input => input.ToString()));
        Assert.Equal([$"output0: Float32 [2, {4 + detector.Card.ClassNames.Count}, 735]"], result.Graph.Outputs.Select(output => output.ToString()));
        var (pixels, score) = GoldenDetector.Apart(GoldenDetector.Answer(result.Graph, pictures), GoldenDetector.Answer(detector.Graph, pictures));
        Assert.True(pixels < 1e-2 && score < 1e-4, $"Boxes are {pixels} pixels off, scores {score}.");

        Assert.DoesNotContain(result.Graph.Nodes, node => node.Operation is "BatchNormalization" or "Shape" or "Range" or "Identity" or "Expand");
        byte[] file = OnnxFile.Serialize(result.Graph);
        long weights = result.Graph.Initializers.Where(initializer => initializer.Data.Shape.Count > 1).Sum(initializer => initializer.Data.Count * sizeof(float));
        Assert.True(file.Length < weights + 200_000, $"{file.Length} bytes for {weights} of weights.");
        Assert.Empty(GraphChecker.CheckFile(file));
    }

    [Fact]
    public void The_metadata_is_what_tools_for_YOLO_files_read_and_the_licence_is_the_weights_own()
    {
        var detector = GoldenDetector.Open();
        int classes = detector.Card.ClassNames.Count;
        var metadata = DetectorExport.Run(detector, new() { Size = (96, 128), Batch = 2 }).Graph.Metadata;

        string[] names = ["author", "batch", "description", "imgsz", "license", "names", "stride", "task", "version"];
        Assert.Equal(names, metadata.Keys.Where(key => !key.StartsWith("distillsharp.", StringComparison.Ordinal)));
        Assert.Equal(("DistillSharp", "2", "[96, 128]", "32", "detect"), (metadata["author"], metadata["batch"], metadata["imgsz"], metadata["stride"], metadata["task"]));
        Assert.Matches($@"^\{{0: '[^']+'(, \d+: '[^']+'){{{classes - 1}}}\}}$", metadata["names"]);
        Assert.Matches(@"^\d+\.\d+\.\d+$", metadata["version"]);
        Assert.StartsWith("AGPL-3.0", metadata["license"], StringComparison.Ordinal);
        Assert.Contains($"{classes} classes", metadata["description"], StringComparison.Ordinal);

        var card = ModelCard.FromMetadata(new Dictionary<string, string>(metadata))!;
        Assert.Equal((true, 32, 96, 128), (card.IsDetector, card.Stride, card.Input.Height, card.Input.Width));
        Assert.Equal(Path.GetFileName(detector.Path), card.Provenance["source"]);
    }

    [Fact]
    public void A_licence_that_nobody_named_is_not_made_up()
    {
        var detector = GoldenDetector.Open();
        var silent = detector with { Card = detector.Card with { Provenance = new Dictionary<string, string>() } };

        var metadata = DetectorExport.Run(silent, new() { Size = (64, 64) }).Graph.Metadata;

        Assert.DoesNotContain(metadata.Keys, key => key.EndsWith("license", StringComparison.Ordinal) || key.EndsWith("date", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, 96, 128)]
    [InlineData(3, 160, 64)]
    public void A_dynamic_file_answers_any_size(int batch, int height, int width)
    {
        var detector = GoldenDetector.Open();
        var result = DetectorExport.Run(detector, new() { Dynamic = true, Size = (128, 128) });
        var pictures = GoldenDetector.Pictures(batch, height, width);

        Assert.Equal("images: Float32 [batch, 3, height, width]", result.Graph.Inputs[0].ToString());
        Assert.Equal(2, result.Comparisons.Count);
        var (pixels, score) = GoldenDetector.Apart(GoldenDetector.Answer(result.Graph, pictures), GoldenDetector.Answer(detector.Graph, pictures));
        Assert.True(pixels < 1e-2 && score < 1e-4, $"Boxes are {pixels} pixels off, scores {score}.");
    }

    [Theory]
    [InlineData(false, 4)]
    [InlineData(true, 2)]
    public void Boxes_chosen_inside_are_those_the_library_chooses_outside(bool dynamic, int batch)
    {
        var options = new DetectorExportOptions { Size = (160, 160), Dynamic = dynamic, Batch = dynamic ? null : batch };
        var detector = GoldenDetector.Open();
        int classes = detector.Card.ClassNames.Count;
        var pictures = GoldenDetector.Pictures(batch, 160, 160);
        var places = GoldenDetector.Answer(DetectorExport.Run(detector, options).Graph, pictures);

        // Low enough for a detector that is not sure of anything.
        float confidence = Math.Min(0.003f, GoldenDetector.Scores(places).Max() / 2);
        var suppression = new SuppressBoxesOptions { Confidence = confidence, Iou = 0.5f, MaxDetections = 40 };
        var chosen = DetectorExport.Run(GoldenDetector.Open(), options with { Suppression = suppression }).Graph;
        var rows = GoldenDetector.Answer(chosen, pictures);

        Assert.Equal([batch, 40, 6], rows.Shape);
        Assert.Empty(GraphChecker.CheckFile(OnnxFile.Serialize(chosen)));
        var decoder = new DetectionDecoder(new() { Confidence = confidence, Iou = 0.5f, MaxDetections = 40 });
        int total = 0;
        for (int picture = 0; picture < batch; picture++)
        {
            List<DetectedBox> expected = [];
            int length = (int)(places.Count / batch);
            decoder.Decode(places.AsSpan<float>().Slice(picture * length, length), new(DetectionForm.Planes, classes, (int)places.Shape[2]), expected);
            var found = rows.AsSpan<float>().Slice(picture * 240, 240);
            total += expected.Count;
            for (int i = 0; i < 40; i++)
            {
                float[] row = found.Slice(i * 6, 6).ToArray();
                float[] wanted = i >= expected.Count ? new float[6] : [expected[i].Box.Left, expected[i].Box.Top, expected[i].Box.Right, expected[i].Box.Bottom, expected[i].Confidence, expected[i].ClassIndex];
                Assert.All(row.Zip(wanted), pair => Assert.Equal(pair.Second, pair.First, 1e-3));
            }
        }

        Assert.True(total > batch, $"{total} boxes were found in {batch} pictures: too few to tell.");
    }

    [Fact]
    public void Half_is_half_the_file_and_decodes_in_float32()
    {
        var detector = GoldenDetector.Open();
        var whole = DetectorExport.Run(detector, new() { Size = (160, 160) });
        var half = DetectorExport.Run(detector, new() { Size = (160, 160), Half = true });
        var pictures = GoldenDetector.Pictures(1, 160, 160);

        Assert.True(OnnxFile.Serialize(half.Graph).Length < 0.6 * OnnxFile.Serialize(whole.Graph).Length);
        Assert.Equal($"output0: Float32 [1, {4 + detector.Card.ClassNames.Count}, 525]", half.Graph.Outputs[0].ToString());
        var (pixels, score) = GoldenDetector.Apart(GoldenDetector.Answer(half.Graph, pictures), GoldenDetector.Answer(whole.Graph, pictures));

        // Pixels beyond 128 in float16 go in steps of an eighth, strides times cells in more: float32 decoding stays below.
        Assert.True(pixels < 0.1 && score < 1e-2, $"Boxes are {pixels} pixels off, scores {score}.");
        Assert.Empty(GraphChecker.CheckFile(OnnxFile.Serialize(half.Graph)));
    }

    [Fact]
    public void Int8_keeps_what_decodes_boxes_in_float()
    {
        var detector = GoldenDetector.Open();
        var whole = DetectorExport.Run(detector, new() { Size = (160, 160) });
        var source = DistillSharp.Detection.Data.DetectionData.Open(TestKit.SharedFolder.Data("coco8", "coco8.yaml"), new() { UseCache = false }).Train;
        var small = DetectorExport.Run(detector, new() { Size = (160, 160), Quantization = new(), Calibration = source, CalibrationPictures = 4 });
        var pictures = GoldenDetector.Pictures(2, 160, 160);

        Assert.Contains(small.Graph.Nodes, node => node.Operation == "DequantizeLinear");
        Assert.True(OnnxFile.Serialize(small.Graph).Length < 0.45 * OnnxFile.Serialize(whole.Graph).Length);
        var tail = DetectionTail.NodesOf(whole.Graph).Select(node => node.Outputs[0]).ToHashSet(StringComparer.Ordinal);
        Assert.All(small.Graph.Nodes.Where(node => tail.Contains(node.Outputs[0])), node => Assert.DoesNotContain(node.Inputs, name => name.Contains("dequantized", StringComparison.OrdinalIgnoreCase)));
        Assert.Contains("4 pictures", small.Card.Provenance["quantization"], StringComparison.Ordinal);
        Assert.Empty(GraphChecker.CheckFile(OnnxFile.Serialize(small.Graph)));
    }

    [Fact]
    public void A_file_that_was_exported_is_exported_again_for_its_size_only()
    {
        using var folder = new TestKit.TemporaryFolder();
        string path = folder["once.onnx"];
        OnnxFile.Save(DetectorExport.Run(GoldenDetector.Open(), new() { Size = (96, 96) }).Graph, path);
        var again = DetectorFile.Open(path);

        Assert.Equal("output0: Float32 [1, 300, 6]", DetectorExport.Run(again, new() { Suppression = new() }).Graph.Outputs[0].ToString());
        Assert.Contains("was made for a height of 96, not 128", Assert.Throws<ArgumentException>(() => DetectorExport.Run(again, new() { Size = (128, 96) })).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be made dynamic again", Assert.Throws<ArgumentException>(() => DetectorExport.Run(again, new() { Dynamic = true })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, 96, "multiples of the detector's stride 32", "100 is none. Use 96 or 128 instead")]
    [InlineData(96, 20, "96x20", "Use 32 instead")]
    public void Sizes_that_are_no_multiples_of_the_stride_are_refused_with_the_next_ones(int height, int width, params string[] expected)
    {
        var error = Assert.Throws<ArgumentException>(() => DetectorExport.Run(GoldenDetector.Open(), new() { Size = (height, width) }));
        Assert.All(expected, text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        var detector = GoldenDetector.Open();
        Assert.Contains("not both", Assert.Throws<ArgumentException>(() => DetectorExport.Run(detector, new() { Half = true, Quantization = new() })).Message, StringComparison.Ordinal);
        Assert.Contains("--data", Assert.Throws<ArgumentException>(() => DetectorExport.Run(detector, new() { Quantization = new() })).Message, StringComparison.Ordinal);
        Assert.Contains("any batch", Assert.Throws<ArgumentException>(() => DetectorExport.Run(detector, new() { Dynamic = true, Batch = 2 })).Message, StringComparison.Ordinal);
    }
}
