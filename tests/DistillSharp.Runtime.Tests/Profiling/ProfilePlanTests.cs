using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Runtime.Profiling;
using DistillSharp.TestKit;

namespace DistillSharp.Runtime.Tests.Profiling;

/// <summary>What is measured, not how long it takes.</summary>
public sealed class ProfilePlanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Models_that_differ_in_their_weights_alone_are_measured_once()
    {
        var plan = ProfilePlan.Of([("teacher", File("teacher", SmallModel.ResNet())), ("control", File("control", Drawn(1))), ("distilled", File("distilled", Drawn(2))), ("tuned", File("tuned", Drawn(3)))]);

        Assert.Equal([("teacher", "teacher"), ("control", "control, distilled, tuned")], plan.Subjects.Select(subject => (Path.GetFileNameWithoutExtension(subject.Path), string.Join(", ", subject.Names))));
        Assert.Equal((1, 32), (plan.LatencyBatch, plan.Batch));
        Assert.Empty(plan.LeftOut);
    }

    [Fact]
    public void A_file_that_fixes_its_batch_decides_the_batch_of_all()
    {
        var plan = ProfilePlan.Of([("teacher", File("teacher", Fixed(4))), ("control", File("control", Drawn(1))), ("distilled", File("distilled", Drawn(2)))]);

        Assert.Equal((4, 4), (plan.LatencyBatch, plan.Batch));
        Assert.Equal(["teacher", "control"], plan.Subjects.Select(subject => subject.Names[0]));
    }

    [Fact]
    public void A_file_that_fixes_another_batch_is_left_out_with_the_reason()
    {
        var plan = ProfilePlan.Of([("teacher", File("teacher", Fixed(4))), ("distilled", File("distilled", Fixed(2)))]);

        Assert.Equal(2, plan.Batch);
        Assert.Equal(["distilled"], Assert.Single(plan.Subjects).Names);
        Assert.Equal($"'{_folder["teacher.onnx"]}' takes batches of 4 only, and the others are measured with batches of 2.", plan.LeftOut["teacher"]);
    }

    public void Dispose() => _folder.Dispose();

    private string File(string name, ModelGraph graph) => _folder.Write($"{name}.onnx", OnnxFile.Serialize(graph));

    private static ModelGraph Drawn(long seed)
    {
        var graph = SmallModel.Graph(SmallModel.Card);
        WeightInitializer.Draw(graph, seed);
        return graph;
    }

    private static ModelGraph Fixed(long batch)
    {
        var graph = SmallModel.Graph(SmallModel.Card);
        graph.Inputs[0] = graph.Inputs[0] with { Shape = [batch, 1, 2, 2] };
        graph.Outputs[0] = graph.Outputs[0] with { Shape = [batch, 2] };
        graph.KnownValues.Clear();
        return graph;
    }
}
