using DistillSharp.Detection;
using DistillSharp.Detection.Distillation;
using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Zoo;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Detection;
using DistillSharp.TestKit;
using DistillSharp.Tests.Detection.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Detection.Distillation;

public sealed class HeadTeacherTests
{
    private const int Side = 64;

    [Fact]
    public void It_gives_the_features_and_maps_that_the_executor_gives()
    {
        using var folder = new TemporaryFolder();
        using var file = Open(folder, ["red", "blue"], ["red", "blue"], out var graph);
        using var teacher = file.Open(new(["model.16"], Maps: true, Boxes: true));
        var batch = Batch();
        using var executor = new GraphExecutor(graph, new() { Wanted = ["model.16", "feat0", "feat1", "feat2"] });
        using var pixels = TensorConversion.FromPixels(batch.Pixels.Span, [2, 3, Side, Side], ScalarType.Float32, CPU);
        using var wanted = executor.Evaluate(pixels);

        using var answers = teacher.Teach(batch);

        Near(wanted["model.16"], answers.Values["model.16"]);
        Assert.All(Enumerable.Range(0, 3), i => Near(wanted[$"feat{i}"], answers.Maps[i]));
        Assert.Equal(2, answers.Boxes.Count);
    }

    [Fact]
    public void Classes_in_another_order_are_brought_to_the_datas()
    {
        using var folder = new TemporaryFolder();
        using var same = Open(folder, ["red", "blue", "green"], ["red", "blue", "green"], out _);
        using var turned = Open(folder, ["blue", "red"], ["red", "blue", "green"], out _);
        var batch = Batch();

        using var first = same.Open(new([], Maps: true, Boxes: false));
        using var second = turned.Open(new([], Maps: true, Boxes: false));
        using var own = first.Teach(batch);
        using var mapped = second.Teach(batch);

        Assert.Equal(66, mapped.Maps[0].shape[1]);
        Near(own.Maps[0].narrow(1, 0, 64), mapped.Maps[0].narrow(1, 0, 64));
        Near(own.Maps[0].narrow(1, 64, 1), mapped.Maps[0].narrow(1, 65, 1));
        Near(own.Maps[0].narrow(1, 65, 1), mapped.Maps[0].narrow(1, 64, 1));
    }

    [Fact]
    public void A_class_that_it_does_not_know_is_never_found()
    {
        using var folder = new TemporaryFolder();
        using var file = Open(folder, ["red", "violet"], ["red", "blue"], out _, allowUnmapped: true);
        using var teacher = file.Open(new([], Maps: true, Boxes: false));

        using var answers = teacher.Teach(Batch());

        Assert.True(answers.Maps[0].narrow(1, 65, 1).sigmoid().max().ToDouble() < 1e-9);
        Assert.True(answers.Maps[0].narrow(1, 64, 1).sigmoid().max().ToDouble() > 1e-9);
    }

    [Fact]
    public void Classes_that_do_not_map_are_all_listed()
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<DistillSharp.Tasks.Data.DataException>(() => Open(folder, ["red", "violet", "lorry"], ["red", "blue", "green"], out _));

        Assert.Contains("violet", error.Message, StringComparison.Ordinal);
        Assert.Contains("lorry", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_for_other_pictures_says_why_it_cannot_be_compared_cell_by_cell()
    {
        using var folder = new TemporaryFolder();
        using var file = Open(folder, ["red", "blue"], ["red", "blue"], out _, graph => graph.Inputs[0] = graph.Inputs[0] with { Shape = [graph.Inputs[0].Shape![0], 3, 96, 96] });

        Assert.Null(file.Head);
        Assert.Contains("96 x 96", file.Otherwise, StringComparison.Ordinal);
    }

    [Fact]
    public void A_teacher_of_other_strides_is_told_by_them_and_refused_what_compares_cells()
    {
        using var folder = new TemporaryFolder();
        using var file = Open(folder, ["red", "blue"], ["red", "blue"], out _, graph => graph.Nodes.First(node => node.Operation == "Conv").Attributes["strides"] = new IntsValue([1, 1]));

        Assert.Null(file.Head);
        Assert.Contains("strides 4, 8, 16, and the student's are 8, 16, 32", file.Otherwise, StringComparison.Ordinal);
        foreach (var question in new DetectionQuestion[] { new(["model.16"], Maps: false, Boxes: false), new([], Maps: true, Boxes: false) })
        {
            string told = Assert.Throws<DistillSharp.Tasks.Data.DataException>(() => file.Open(question)).Message;
            Assert.Contains("strides 4, 8, 16", told, StringComparison.Ordinal);
            Assert.Contains("'boxes'", told, StringComparison.Ordinal);
        }
    }

    /// <summary>Opens a yolo11n whose classes have the names of the data, in the data's order.</summary>
    private static TeacherFile Open(TemporaryFolder folder, string[] dataNames, string[] teacherNames, out ModelGraph graph, Action<ModelGraph>? change = null, bool allowUnmapped = false)
    {
        graph = Yolo11.Yolo11N(new() { Classes = teacherNames.Length });
        WeightInitializer.Draw(graph, 3);
        change?.Invoke(graph);
        foreach (var (key, value) in new ModelCard("detect", teacherNames, new(3, Side, Side, [0, 0, 0], [1, 1, 1])) { Stride = 32 }.ToMetadata())
        {
            graph.Metadata[key] = value;
        }

        string path = folder[$"teacher-{dataNames.Length}-{teacherNames.Length}.onnx"];
        OnnxFile.Save(graph, path);
        var set = DistillSharp.Detection.Data.DetectionData.Open(RectangleSet.Write(folder)) with { ClassNames = dataNames };
        return TeacherFile.Open(new() { Model = path, AllowUnmapped = allowUnmapped }, path, set, new() { Model = "yolo11n", Data = "none", Threads = 1, Training = new() { ImageSize = Side, Batch = 2 } });
    }

    private static DetectionBatch Batch()
    {
        byte[] pixels = new byte[2 * 3 * Side * Side];
        new Random(5).NextBytes(pixels);
        return new() { Count = 2, Pixels = pixels, Size = (Side, Side), Targets = Array.Empty<float>(), Indices = new int[] { 0, 1 } };
    }

    private static void Near(Tensor wanted, Tensor found)
    {
        Assert.Equal(wanted.shape, found.shape);
        using var apart = (wanted - found).abs().max();
        Assert.InRange(apart.ToDouble(), 0, 1e-3);
    }
}
