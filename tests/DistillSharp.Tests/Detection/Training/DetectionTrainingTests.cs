using DistillSharp.Detection;
using DistillSharp.Detection.Training;
using DistillSharp.Graph.Format;
using DistillSharp.Runtime;
using DistillSharp.Tests.Training;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Detection.Training;

[Collection(Alone.Name)]
public sealed class DetectionTrainingTests
{
    private static readonly string[] s_terms = ["box_loss", "cls_loss"];
    private static readonly DetectionTrainingOptions s_short = new() { Epochs = 3, Batch = 2, ImageSize = 64, NominalBatch = 4, Optimizer = "adamw", LearningRate = 0.002, WarmupEpochs = 1 };

    [Fact]
    public void It_learns_and_the_folder_is_whole()
    {
        using var folder = new TemporaryFolder();
        string data = RectangleSet.Write(folder);
        File.WriteAllText(data, File.ReadAllText(data).Replace("val: images/val", "val: images/train", StringComparison.Ordinal));
        var training = s_short with { Epochs = 40, NominalBatch = 2, Augment = false, WarmupEpochs = 0, ValidateEvery = 4 };

        var run = DetectionTraining.Run(new() { Model = "yolo11n", Data = data, Threads = 1, Training = training }, new() { Folder = folder["run"] }, TestContext.Current.CancellationToken);

        Assert.Equal(40, run.Training.Curve.Count);
        foreach (string term in s_terms)
        {
            // They rise first: while nothing is found, hardly any anchor is held against a box.
            double[] losses = [.. run.Training.Curve.Select(epoch => epoch.Terms[term])];
            Assert.True(losses[^1] < 0.5 * losses.Max(), $"{term}: {string.Join(", ", losses)}");
        }
        Assert.All(["recipe.yaml", "results.csv", "results.svg", "score.json", "train_batch0.png", "val_batch0_pred.png", "PR_curve.png", "confusion_matrix.png", "state.safetensors", "weights/best.onnx", "weights/last.onnx"], name => Assert.True(new FileInfo(folder["run", name]).Length > 0, name));
        string[] lines = File.ReadAllLines(folder["run", "results.csv"]);
        Assert.Equal(41, lines.Length);
        Assert.Equal(
            "epoch,time,train/box_loss,train/cls_loss,train/dfl_loss,metrics/precision(B),metrics/recall(B),metrics/mAP50(B),metrics/mAP50-95(B),val/box_loss,val/cls_loss,val/dfl_loss,lr/pg0,lr/pg1,lr/pg2",
            lines[0]);
        Assert.All(lines[1..].Where((_, i) => (i + 1) % 4 == 0), line => Assert.DoesNotContain(line.Split(','), cell => cell.Length == 0));
        using var session = ModelSession.Open(run.BestPath, new() { Threads = 1 });
        Assert.Equal(("detect", "red, blue", 32), (session.Card!.Task, string.Join(", ", session.Card.ClassNames), session.Card.Stride));
        Assert.Equal(run.Training.Curve[run.Training.BestEpochNumber - 1].ValidationScore!.Value, run.Score.Fitness, 1e-9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_run_stopped_after_a_step_and_resumed_is_the_one_that_was_not(int step)
    {
        using var folder = new TemporaryFolder();
        var recipe = Recipe(folder, s_short with { MultiScale = true });
        DetectionTraining.Run(recipe, new() { Folder = folder["whole"] }, TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        var stopper = new WatchingObserver { AtStep = at => { if (at.Step == step) { stop.Cancel(); } } };
        Assert.ThrowsAny<OperationCanceledException>(() => DetectionTraining.Run(recipe, new() { Folder = folder["broken"], Observers = [stopper] }, stop.Token));

        DetectionTraining.Resume(folder["broken"], cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(File.ReadAllBytes(folder["whole", "weights", "last.onnx"]), File.ReadAllBytes(folder["broken", "weights", "last.onnx"]));
        Assert.Equal(Numbers(folder["whole", "results.csv"]), Numbers(folder["broken", "results.csv"]));

        // All but the time.
        static IEnumerable<string> Numbers(string path) => File.ReadLines(path).Select(line => string.Join(',', line.Split(',').Where((_, i) => i != 1)));
    }

    [Fact]
    public void The_first_modules_can_be_frozen_and_their_files_still_train()
    {
        using var folder = new TemporaryFolder();
        DetectionTraining.Run(Recipe(folder, s_short with { Epochs = 1, Freeze = 0 }), new() { Folder = folder["first"] }, TestContext.Current.CancellationToken);
        string first = folder["first", "weights", "best.onnx"];

        DetectionTraining.Run(Recipe(folder, s_short with { Epochs = 1, Freeze = 10, EmaDecay = 0 }) with { Model = first }, new() { Folder = folder["second"] }, TestContext.Current.CancellationToken);

        var (before, after) = (OnnxFile.Load(first), OnnxFile.Load(folder["second", "weights", "last.onnx"]));
        float[] Values(Graph.ModelGraph graph, string name) => graph.FindInitializer(name)!.Data.AsSpan<float>().ToArray();
        Assert.Equal(Values(before, "model.9.cv1.conv.weight"), Values(after, "model.9.cv1.conv.weight"));
        Assert.NotEqual(Values(before, "model.10.cv1.conv.weight"), Values(after, "model.10.cv1.conv.weight"));
        Assert.True(after.FindInitializer("model.9.cv1.conv.weight")!.Trainable);
    }

    [Fact]
    public void Another_number_of_classes_keeps_the_trunk_and_says_what_is_new()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        DetectionTraining.Run(Recipe(folder, s_short with { Epochs = 1 }), new() { Folder = folder["first"] }, TestContext.Current.CancellationToken);
        var told = new List<string>();

        var recipe = new DetectionRecipe { Model = folder["first", "weights", "best.onnx"], Data = RectangleSet.Write(other, names: "[red, blue, green]"), Threads = 1, Training = s_short with { Epochs = 1 } };
        var run = DetectionTraining.Run(recipe, new() { Folder = other["run"], Log = new Told(told) }, TestContext.Current.CancellationToken);

        Assert.Contains(told, line => line.Contains("tells 2 classes apart, the data 3", StringComparison.Ordinal) && line.Contains("model.23.cv3.0.2, ", StringComparison.Ordinal));
        Assert.Equal(3, run.Score.ClassCount);
    }

    [Fact]
    public void Training_on_the_pictures_that_score_is_said()
    {
        using var folder = new TemporaryFolder();
        RectangleSet.Write(folder);
        File.WriteAllText(folder["data.yaml"], "path: .\ntrain: images/train\nval: images/train\nnames: [red, blue]\n");
        var told = new List<string>();

        var recipe = new DetectionRecipe { Model = "yolo11n", Data = folder["data.yaml"], Threads = 1, Training = s_short with { Epochs = 1, Augmentation = new() { CloseMosaic = 1 } } };
        DetectionTraining.Run(recipe, new() { Folder = folder["run"], Log = new Told(told) }, TestContext.Current.CancellationToken);

        Assert.Contains(told, line => line.StartsWith("warning: training.augmentation.close-mosaic is 1 and the run has 1 epochs", StringComparison.Ordinal));

        Assert.Contains(told, line => line.Contains("6 of the 6 pictures that score also teach", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_without_raw_maps_is_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        var graph = SmallRun.Mlp(4);
        OnnxFile.Save(graph, folder["m.onnx"]);

        var recipe = new DetectionRecipe { Model = folder["m.onnx"], Data = RectangleSet.Write(folder) };
        var error = Assert.Throws<Graph.GraphException>(() => DetectionTraining.Run(recipe, new() { Folder = folder["run"] }, TestContext.Current.CancellationToken));

        Assert.Contains("no output 'feat0'", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run"]));
    }

    private static DetectionRecipe Recipe(TemporaryFolder folder, DetectionTrainingOptions training) => new() { Model = "yolo11n", Data = RectangleSet.Write(folder), Threads = 1, Training = training };

    private sealed class Told(List<string> lines) : IProgress<string>
    {
        public void Report(string value) => lines.Add(value);
    }
}
