using DistillSharp.Graph.Zoo;
using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using DistillSharp.Observers;
using DistillSharp.Plugins;
using DistillSharp.Tasks.Data.Augmentations;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Training;

/// <summary>Runs in which everything that has a state takes part: batch norm, dropout, augmentation, momentum, average, warm-up, constraint.</summary>
internal static class ResumeSetups
{
    public const int Epochs = 3, StepsPerEpoch = 3;

    public static ClassificationSetup Full(string objective, string optimizer, string? folder, params TrainingObserver[] observers)
    {
        var options = new TrainingOptions
        {
            Epochs = Epochs,
            Batch = 4,
            Optimizer = optimizer == "sgd" ? new("sgd", new SgdOptions { Nesterov = true }) : new(optimizer),
            Schedule = new("one-cycle", new OneCycleScheduleOptions()),
            WarmupEpochs = 0.5,
            ClipNorm = 5,
            MaxNorm = 3,
            EmaDecay = 0.9,
            LabelSmoothing = 0.1,
            Augment = [new("flip", new FlipOptions()), new("jitter", new JitterOptions()), new("cutout", new CutoutOptions { Size = 3 })],
        };
        var graph = SmallRun.Drawn("wrn-16-1", new WideResNetOptions { Classes = SmallRun.Classes, Height = 8, Width = 8, Dropout = 0.3 });
        var setup = SmallRun.Setup(graph, options, folder, observers);
        return objective == "hard" ? setup : setup with { Objective = new(0.5, 0.1, Teacher(), [("kd", new KdLoss(new()))]) };
    }

    /// <summary>Knows the batch's classes, and answers nothing else.</summary>
    private static StubTeacher Teacher() => new(
        batch =>
        {
            using var labels = torch.tensor(batch.Labels.Span[..batch.Count].ToArray());
            using var hot = nn.functional.one_hot(labels, SmallRun.Classes);
            using var floats = hot.to(ScalarType.Float32);
            return floats * 4;
        },
        SmallRun.Classes);
}
