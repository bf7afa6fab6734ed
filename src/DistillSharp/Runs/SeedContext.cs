using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Observers;
using DistillSharp.Recipes;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;
using DistillSharp.Training;

namespace DistillSharp.Runs;

/// <summary>What all stages of one seed share: the recipe, the splits of its data, its folder; and how a model is trained in it.</summary>
internal sealed class SeedContext
{
    public SeedContext(Recipe recipe, DistillerOptions options, ImageDataset data, RunFolder folder, long seed)
    {
        (Recipe, Options, Data, Folder, Seed) = (recipe, options, data, folder, seed);
        Samples = SeedSamples.Divide(recipe.Data, data, seed);
        Input = ModelFactory.Student(recipe, options, data).Input;
    }

    public Recipe Recipe { get; }

    public DistillerOptions Options { get; }

    public ImageDataset Data { get; }

    public RunFolder Folder { get; }

    public long Seed { get; }

    /// <summary>Who learns from what.</summary>
    public SeedSamples Samples { get; }

    /// <summary>What the student's batches look like.</summary>
    public ImageInput Input { get; }

    public void Tell(string text) => Options.Log?.Report(string.Create(CultureInfo.InvariantCulture, $"seed {Seed}: {text}"));

    /// <summary>Tells that a stage of this seed begins.</summary>
    /// <param name="stage">Its name: <c>control</c>.</param>
    public void Begin(string stage) => Options.Stages?.Begin(stage, StagePlan.Seed(Seed));

    /// <summary>Passes on how far a piece of the stage's work is.</summary>
    /// <param name="doing">The work, in a few words.</param>
    /// <param name="count">The number of its pieces, if it is told in those.</param>
    public StageProgress? Work(string doing, int count = 1) => Options.Stages?.Work(doing, count);

    public BatchLoaderOptions Loading(int batch) => new() { Input = Input, BatchSize = batch, Workers = Recipe.Data.Workers, SkipBad = Recipe.Data.SkipBad };

    /// <summary>Trains a model in a folder of its own.</summary>
    /// <param name="name">The stage: <c>teacher</c>, <c>control</c>.</param>
    /// <param name="model">The model's key or file.</param>
    /// <param name="graph">The model.</param>
    /// <param name="training">How.</param>
    /// <param name="objective">What for; null for the hard labels.</param>
    /// <param name="asTeacher">Whether it sees what teachers see, and not what the student sees.</param>
    /// <param name="reference">The share of held-out samples that a teacher gets right; null where none tells.</param>
    /// <param name="origin">What else its file is made of; null for nothing.</param>
    /// <param name="cancellation">Stops after the current step.</param>
    public StageResult TrainModel(
        string name, string model, ModelGraph graph, TrainingOptions training, Objective? objective, bool asTeacher, double? reference, IReadOnlyDictionary<string, string>? origin, CancellationToken cancellation)
    {
        string folder = Folder.Stage(Seed, name);
        var card = new ModelCard("classification", Data.ClassNames, asTeacher ? Data.Input : Input)
        {
            Provenance = new Dictionary<string, string>(origin ?? new Dictionary<string, string>())
            {
                ["recipe"] = Recipe.Name,
                ["role"] = name,
                ["model"] = model,
                ["data"] = Data.Name,
                ["seed"] = Seed.ToString(CultureInfo.InvariantCulture),
            },
        };
        using var events = new TensorBoardObserver();
        var trainer = new Trainer(new ClassificationSetup
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"{name} (seed {Seed})"),
            Graph = graph,
            Card = card,
            Data = asTeacher ? Samples.Train : objective is null ? Samples.Labeled : Samples.Transfer,
            HeldOut = asTeacher ? Samples.HeldOut : Samples.TransferHeldOut,
            Options = training,
            Objective = objective,
            Reference = reference,
            StrongAugment = objective is null ? [] : Recipe.Distillation.StrongAugment,
            Seed = Seed,
            Device = Recipe.Device,
            Workers = Recipe.Data.Workers,
            Threads = Recipe.Threads,
            SkipBad = Recipe.Data.SkipBad,
            Folder = folder,
            Resume = Options.Resume,
            Observers = [new CsvObserver(), events, .. Options.Observers],
            Plugins = Options.Plugins,
        });
        if (trainer.Epochs > training.Epochs)
        {
            Tell(string.Create(CultureInfo.InvariantCulture, $"the {name} trains for {trainer.Epochs} epochs instead of {training.Epochs}, to take at least {training.MinSteps:N0} steps (min-steps)"));
        }

        return new(name, model, Path.Combine(folder, "weights", "best.onnx"), trainer.Train(cancellation));
    }
}
