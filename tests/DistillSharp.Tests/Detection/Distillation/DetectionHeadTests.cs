using DistillSharp.Detection;
using DistillSharp.Detection.Export;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Zoo;
using DistillSharp.Losses.Feature;
using DistillSharp.Runtime;
using DistillSharp.Taps;
using DistillSharp.Tasks.Data;
using DistillSharp.TestKit;
using DistillSharp.Tests.Detection.Export;

namespace DistillSharp.Tests.Detection.Distillation;

public sealed class DetectionHeadTests
{
    private static readonly string[] s_inputs = ["model.16", "model.19", "model.22"], s_maps = ["feat0", "feat1", "feat2"];
    private static readonly int[] s_strides = [8, 16, 32];

    [Theory]
    [InlineData("n", 64)]
    [InlineData("s", 128)]
    [InlineData("m", 256)]
    public void The_head_of_every_size_is_found_with_the_maps_it_reads(string size, int finest)
    {
        var head = Model(Graph(size)).Head!;

        Assert.Equal((16, 5), (head.Bins, head.Classes));
        Assert.Equal(s_strides, head.Strides);
        Assert.Equal(s_maps, head.Maps);
        Assert.Equal(s_inputs, head.Levels.Select(level => level.Input.Value));
        Assert.Equal((finest, 12, 16), (head.Levels[0].Input.Channels, head.Levels[0].Input.Height, head.Levels[0].Input.Width));
    }

    [Fact]
    [Trait("Category", "Golden")]
    public void An_exported_file_without_the_maps_among_its_outputs_is_understood()
    {
        var file = GoldenDetector.Open();
        var exported = DetectorExport.Run(file, new() { Dynamic = true }).Graph;
        Assert.DoesNotContain(exported.Outputs, output => output.Name == "feat0");

        var head = Model(exported).Head!;

        Assert.Equal((16, file.Card.ClassNames.Count), (head.Bins, head.Classes));
        Assert.Equal(s_strides, head.Strides);
        Assert.Equal(3, head.Levels.Select(level => level.Input.Value).Distinct().Count());
    }

    [Fact]
    [Trait("Category", "Golden")]
    public void A_quantised_file_is_understood_and_its_features_are_floats()
    {
        var data = DistillSharp.Detection.Data.DetectionData.Open(SharedFolder.Data("coco8", "coco8.yaml"), new() { UseCache = false });
        var file = GoldenDetector.Open();
        var (quantizer, _) = DetectorQuantizer.Calibrate(file.Graph, data.Train, (96, 96), 4, 0, new() { Threads = 1 });

        var quantized = quantizer.Quantize();
        var head = Model(quantized).Head!;

        Assert.Equal((16, file.Card.ClassNames.Count), (head.Bins, head.Classes));
        Assert.Equal(s_strides, head.Strides);
        Assert.Equal(Enumerable.Range(0, 3).Select(i => file.Graph.FindInitializer($"model.23.cv2.{i}.0.conv.weight")!.Data.Shape[1]), head.Levels.Select(level => (long)level.Input.Channels));
        float[] pixels = GoldenDetector.Pictures(1, 96, 96).AsSpan<float>().ToArray();
        float[][] floats = Tapped(quantizer.Prepared, s_inputs, pixels), rounded = Tapped(quantized, [.. head.Levels.Select(level => level.Input.Value)], pixels);
        Assert.All(floats.Zip(rounded), pair => Assert.InRange(RelativeError(pair.First, pair.Second), 1e-6, 0.2));
    }

    [Fact]
    public void A_classifier_has_none() => Assert.Null(new TapModel("student", ResNet.ResNet8(new() { Classes = 10, Height = 32, Width = 32 }), new ImageInput(3, 32, 32, [0, 0, 0], [1, 1, 1]), 2).Head);

    [Fact]
    public void Feature_losses_are_proposed_the_maps_that_the_heads_read()
    {
        var plan = TapPlan.Of(new CwdLoss(new()), Model(Graph("n")), Model(Graph("s")));

        Assert.Equal(s_inputs, plan.Student);
        Assert.Equal(s_inputs, plan.Teacher);
        Assert.Equal([2, 64, 12, 16], plan.Shapes!.StudentFeatures[0]);
        Assert.Equal([2, 512, 3, 4], plan.Shapes.TeacherFeatures[2]);
    }

    private static float[][] Tapped(ModelGraph graph, IReadOnlyList<string> values, float[] pixels)
    {
        float[][] found = new float[values.Count][];
        using var session = ModelSession.Open(OnnxFile.Serialize(new TapPass(values).Apply(graph).Graph), new() { Threads = 1 });
        session.Run(pixels, [1, 3, 96, 96], values, (i, numbers, _) => found[i] = numbers.ToArray());
        return found;
    }

    private static double RelativeError(float[] wanted, float[] found) =>
        Math.Sqrt(wanted.Zip(found).Sum(pair => Math.Pow(pair.First - pair.Second, 2)) / wanted.Sum(value => Math.Pow(value, 2)));

    private static TapModel Model(ModelGraph graph) => new("student", graph, new ImageInput(3, 96, 128, [0, 0, 0], [1, 1, 1]), 2);

    private static ModelGraph Graph(string size)
    {
        var options = new DetectorOptions { Classes = 5 };
        var graph = size switch { "n" => Yolo11.Yolo11N(options), "s" => Yolo11.Yolo11S(options), _ => Yolo11.Yolo11M(options) };
        WeightInitializer.Draw(graph, 1);
        return graph;
    }
}
