using DistillSharp.Detection.Distillation;
using DistillSharp.Detection.Losses;
using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Native;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.Training;
using static TorchSharp.torch;

namespace DistillSharp.Detection.Training;

/// <summary>Pictures with true boxes.</summary>
internal sealed class DetectionTask : TrainingTask
{
    /// <summary>The raw maps a detector is trained on.</summary>
    public static readonly string[] Maps = ["feat0", "feat1", "feat2"];

    private readonly DetectionSetup _setup;
    private readonly DetectionLoader _loader, _heldOut;
    private readonly DetectionLoss _loss;
    private readonly DetectionObjective _objective;
    private readonly MixedBatches? _mixed;

    public DetectionTask(DetectionSetup setup)
    {
        var options = setup.Detection;
        _setup = setup;
        _loss = new(new()
        {
            Classes = setup.Dataset.ClassNames.Count,
            BoxGain = options.BoxGain,
            ClassGain = options.ClassGain,
            DistributionGain = options.DistributionGain,
        });
        _objective = setup.Objective?.Invoke(_loss) ?? new(_loss);
        _loader = new(setup.Dataset.Train, Loading(setup));
        _mixed = setup.Unlabelled is { } others ? new(_loader, others, Loading(setup) with { BatchSize = setup.UnlabelledBatch, AvoidSingle = false, CacheBytes = 0 }) : null;
        _heldOut = new(setup.Dataset.Validation, new()
        {
            ImageSize = options.ImageSize,
            BatchSize = options.Batch,
            Workers = setup.Workers,
            Rectangular = true,
            CacheBytes = 0,
            SkipBad = setup.SkipBad,
        });
    }

    /// <summary>How the training pictures are loaded.</summary>
    public static DetectionLoaderOptions Loading(DetectionSetup setup)
    {
        var options = setup.Detection;
        return new()
        {
            ImageSize = options.ImageSize,
            BatchSize = options.Batch,
            Workers = setup.Workers,
            Shuffle = true,
            AvoidSingle = true,
            Seed = setup.Seed,
            Augmentation = options.Augment ? options.Augmentation : null,
            CloseMosaicFromEpoch = Math.Max(0, options.Epochs - options.Augmentation.ClosingEpochs(options.Epochs)),
            CacheBytes = options.CacheMegabytes * 1_000_000L,
            SkipBad = setup.SkipBad,
        };
    }

    public override IReadOnlyList<string> Wanted => [.. Maps, .. _objective.StudentTaps.Except(Maps)];

    public override IReadOnlyList<string> TermKeys => _objective.TermKeys;

    public override bool TellsGradients => _objective.Losses.Count > 0;

    public override GradientBalance? Balance => _objective.Balance;

    public override BatchLoss Loss => BatchLoss.Sum;

    public override int BatchCount => _loader.BatchCount;

    public override IReadOnlyList<string> BadSamples => [.. _loader.BadPictures, .. _mixed?.BadPictures ?? []];

    public override bool HasHeldOut => _setup.Validated;

    public override IReadOnlyList<ResultColumn> Columns => DetectionColumns.Of([.. _objective.Losses.Select(term => term.Key)]);

    public override IEnumerable<TrainingBatch> Epoch(int epoch, int firstBatch, CancellationToken cancellation) =>
        (_mixed?.Epoch(epoch, firstBatch, cancellation) ?? _loader.Epoch(epoch, firstBatch, cancellation)).Select(batch => new DetectionTrainingBatch(batch, _objective, _setup.Card.Input, _setup.Detection.MultiScale ? _setup.Seed : null));

    public override IReadOnlyList<Companion> Prepare(GraphExecutor executor)
    {
        if (_objective.Losses.Count == 0)
        {
            return [];
        }

        _objective.Prepare(executor, (DetectionTrainingBatch)Epoch(0, 0, CancellationToken.None).First(), new()
        {
            Shapes = new(),
            Seed = _setup.Seed,
            Precision = executor.Precision == ScalarType.Float64 ? ElementType.Float64 : ElementType.Float32,
            Device = _setup.Device,
            Plugins = _setup.Plugins,
        });
        return [.. _objective.Losses.Where(term => term.Loss.Adapters.Count > 0 || term.Loss.State.Count > 0).Select(term => new AdapterCompanion(term.Key, term.Loss, _setup.Options, _setup.Plugins))];
    }

    public override TrainingScore Evaluate(byte[] model, CancellationToken cancellation)
    {
        FreeMemory.GiveBack();
        try
        {
            return Score(model, cancellation);
        }
        finally
        {
            FreeMemory.GiveBack();
        }
    }

    private TrainingScore Score(byte[] model, CancellationToken cancellation)
    {
        using var session = ModelSession.Open(model, new() { Threads = _setup.Threads, KeepMemory = false });
        using var loss = new HeldOutLoss(_loss);
        var score = DetectionEvaluator.Evaluate(
            session, _setup.Dataset.Validation, _setup.Dataset.ClassNames.Count, _heldOut.Epoch(0, 0, cancellation), new() { Observer = loss }, cancellation: cancellation).Score;
        var (box, classes, distribution) = loss.Mean;
        return new(score.Fitness, box + classes + distribution, DetectionColumns.Measures(score, box, classes, distribution));
    }
}
