using DistillSharp.Graph;
using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Zoo;
using DistillSharp.Runtime.Tests.Quantization;

namespace DistillSharp.Runtime.Tests.Passes;

/// <summary>Boxes chosen inside a graph, worked out by hand.</summary>
public sealed class SuppressBoxesPassTests
{
    [Fact]
    public void The_surer_of_two_boxes_of_a_class_stays_and_other_classes_are_left_alone()
    {
        // Two boxes that share 90 of 110 (IoU 0.818), a third of another class in the same place, one elsewhere below the threshold.
        float[][] places = [[5, 5, 10, 10, 0.6f, 0.1f], [6, 5, 10, 10, 0.9f, 0.2f], [5, 5, 10, 10, 0.1f, 0.5f], [50, 50, 4, 4, 0.25f, 0.2f]];

        float[] rows = Run(new() { MaxDetections = 3 }, places);

        Assert.Equal([1, 0, 11, 10, 0.9f, 0, 0, 0, 10, 10, 0.5f, 1, 0, 0, 0, 0, 0, 0], rows);
    }

    [Fact]
    public void An_overlap_of_just_the_threshold_stays()
    {
        // 10 x 10 and 10 x 10 moved by 5: 50 of 150.
        float[][] places = [[5, 5, 10, 10, 0.9f, 0], [10, 5, 10, 10, 0.8f, 0]];

        Assert.Equal(0.8f, Run(new() { MaxDetections = 2, Iou = 0.34f }, places)[10]);
        Assert.Equal(0, Run(new() { MaxDetections = 2, Iou = 0.33f }, places)[10]);
    }

    [Fact]
    public void The_surest_of_all_classes_are_told_up_to_the_limit_in_order()
    {
        float[][] places = [[5, 5, 4, 4, 0.3f, 0], [25, 5, 4, 4, 0, 0.7f], [45, 5, 4, 4, 0.5f, 0], [65, 5, 4, 4, 0, 0.4f]];

        float[] rows = Run(new() { MaxDetections = 3 }, places);

        Assert.Equal([0.7f, 0.5f, 0.4f], new[] { rows[4], rows[10], rows[16] });
        Assert.Equal([1f, 0, 1], new[] { rows[5], rows[11], rows[17] });
    }

    [Fact]
    public void Pictures_do_not_see_each_other_and_an_empty_one_is_all_zero()
    {
        float[][] first = [[5, 5, 10, 10, 0.1f, 0], [6, 5, 10, 10, 0, 0]], second = [[5, 5, 10, 10, 0.8f, 0], [5, 5, 10, 10, 0.9f, 0]];

        float[] rows = Run(new() { MaxDetections = 2 }, first, second);

        Assert.All(rows[..12], value => Assert.Equal(0, value));
        Assert.Equal([0, 0, 10, 10, 0.9f, 0], rows[12..18]);
        Assert.All(rows[18..], value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_file_is_sound_and_onnx_runtime_warns_of_nothing(bool dynamic)
    {
        var graph = Yolo11.Yolo11N(new() { Classes = 2 });
        WeightInitializer.Draw(graph, 1);
        var passes = dynamic ? DeploymentPasses.Dynamic("output0") : DeploymentPasses.Static(new Dictionary<string, long> { ["batch"] = 1, ["height"] = 64, ["width"] = 96 }, "output0");
        var file = new PassPipeline([.. passes.Passes, new SuppressBoxesPass(new()), ConstantFoldingPass.Default, new RemoveDeadPass(new())]).Run(graph).Graph;

        Assert.Empty(GraphChecker.CheckFile(OnnxFile.Serialize(file)));
        Assert.Empty(SessionLog.Warnings(file));
    }

    [Fact]
    public void Models_that_answer_no_places_are_refused()
    {
        var graph = Answering(2);
        graph.Outputs[0] = new("output0", ElementType.Float32, [1, 4, 8]);
        var error = Assert.Throws<GraphException>(() => new SuppressBoxesPass(new()).Apply(graph));
        Assert.Contains("[N, 4 + classes, places]", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A graph that answers what it is fed.</summary>
    private static ModelGraph Answering(int classes)
    {
        var graph = new ModelGraph { Name = "echo" };
        graph.Inputs.Add(new("x", ElementType.Float32, [Dimension.Named("batch"), 4 + classes, Dimension.Named("places")]));
        graph.Nodes.Add(new("Abs", ["x"], ["output0"], "echo"));
        graph.Outputs.Add(new("output0", ElementType.Float32, [Dimension.Named("batch"), 4 + classes, Dimension.Named("places")]));
        return graph;
    }

    private static float[] Run(SuppressBoxesOptions options, params float[][][] pictures)
    {
        int places = pictures[0].Length, rows = pictures[0][0].Length;
        float[] planes = [.. pictures.SelectMany(picture => Enumerable.Range(0, rows).SelectMany(row => picture.Select(place => place[row])))];
        var graph = new SuppressBoxesPass(options).Apply(Answering(rows - 4)).Graph;
        return SessionRun.Run(graph, new Dictionary<string, TensorData> { ["x"] = TensorData.Create<float>(planes, pictures.Length, rows, places) })["output0"].AsSpan<float>().ToArray();
    }
}
