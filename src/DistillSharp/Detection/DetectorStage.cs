using System.Globalization;
using DistillSharp.Detection.Distillation;
using DistillSharp.Detection.Losses;
using DistillSharp.Detection.Training;
using DistillSharp.Observers;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Detection;
using DistillSharp.Training;

namespace DistillSharp.Detection;

/// <summary>One detector that a run trains, in a folder of its own.</summary>
internal sealed record DetectorStage
{
    /// <summary>Which model of the run it is, for progress: <c>control (seed 0)</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What its card calls it: <c>teacher</c>, <c>control</c>, <c>distilled</c>; empty for a model trained alone.</summary>
    public string Role { get; init; } = "";

    /// <summary>The run.</summary>
    public required DetectionRecipe Recipe { get; init; }

    /// <summary>Where it is written.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether to go on from the state in the folder, if there is one.</summary>
    public bool Resume { get; init; }

    /// <summary>The pictures.</summary>
    public required DetectionDataset Data { get; init; }

    /// <summary>The model.</summary>
    public required TrainableDetector Model { get; init; }

    /// <summary>How it is trained.</summary>
    public required DetectionTrainingOptions Training { get; init; }

    /// <summary>The seed of order and augmentation.</summary>
    public required long Seed { get; init; }

    /// <summary>Whether the validation pictures choose the best epoch.</summary>
    public bool Validated { get; init; } = true;

    /// <summary>What it is trained for; null for true boxes alone.</summary>
    public Func<DetectionLoss, DetectionObjective>? Objective { get; init; }

    /// <summary>Pictures without labels that join the batches; null for none.</summary>
    public IDetectionSource? Unlabelled { get; init; }

    /// <summary>How many of them join a batch.</summary>
    public int UnlabelledBatch { get; init; } = 1;

    /// <summary>The best epoch's file.</summary>
    public string BestPath => Path.Combine(Folder, "weights", "best.onnx");

    /// <summary>Trains it.</summary>
    /// <param name="options">Who watches.</param>
    /// <param name="cancellation">Stops after the step that is running; it can be resumed.</param>
    public TrainingResult Train(DetectionRunOptions options, CancellationToken cancellation)
    {
        using var events = new TensorBoardObserver();
        var setup = Setup([new CsvObserver(), events, .. options.Observers], options);
        if (!Resume || !Directory.Exists(Folder))
        {
            Directory.CreateDirectory(Folder);
            DetectionReport.DrawTraining(Folder, setup, cancellation);
        }

        return new Trainer(setup.Prepare()).Train(cancellation);
    }

    private DetectionSetup Setup(IReadOnlyList<TrainingObserver> observers, DetectionRunOptions options) => new()
    {
        Name = Name,
        Graph = Model.Graph,
        Card = Card(),
        Dataset = Data,
        Detection = Training,
        FreshWeights = Model.Fresh,
        Validated = Validated,
        Objective = Objective,
        Unlabelled = Unlabelled,
        UnlabelledBatch = UnlabelledBatch,
        Seed = Seed,
        Device = Recipe.Device,
        Workers = Recipe.Workers,
        Threads = Recipe.Threads,
        SkipBad = Recipe.SkipBad,
        Folder = Folder,
        Resume = Resume,
        Observers = observers,
        Plugins = options.Plugins,
    };

    private ModelCard Card()
    {
        var provenance = new Dictionary<string, string>(Model.Provenance, StringComparer.Ordinal)
        {
            ["recipe"] = Recipe.Name,
            ["model"] = Model.Name,
            ["data"] = Data.Name,
            ["seed"] = Seed.ToString(CultureInfo.InvariantCulture),
        };
        if (Role.Length > 0)
        {
            provenance["role"] = Role;
        }

        return new("detect", Data.ClassNames, Model.InputOf(Training.ImageSize)) { Stride = Graph.Zoo.Yolo11.Stride, Provenance = provenance };
    }
}
