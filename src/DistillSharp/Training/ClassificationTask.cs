using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Passes;
using DistillSharp.Losses;
using DistillSharp.Plugins;
using DistillSharp.Runtime;
using DistillSharp.Tasks.Data;
using static TorchSharp.torch;

namespace DistillSharp.Training;

/// <summary>Pictures with one class each.</summary>
internal sealed class ClassificationTask : TrainingTask
{
    private readonly ClassificationSetup _setup;
    private readonly Objective _objective;
    private readonly BatchLoader _loader;

    /// <summary>The same pictures in the same order, strongly augmented; null where no loss compares two views.</summary>
    private readonly BatchLoader? _strong;
    private readonly Lazy<ChanceGuard?> _guard;

    public ClassificationTask(ClassificationSetup setup)
    {
        _setup = setup;
        _objective = setup.Objective ?? Objective.HardLabels(setup.Options.LabelSmoothing);
        _loader = new(setup.Data, Loading(setup, setup.Options.Augment));
        _strong = setup.StrongAugment.Count > 0 && _objective.Losses.Any(term => term.Loss.Needs.Uses(LossInput.StrongView)) ? new(setup.Data, Loading(setup, setup.StrongAugment)) : null;
        _guard = new(MakeGuard);
    }

    public override IReadOnlyList<string> Wanted => _objective.StudentTaps is { Count: > 0 } taps ? [_setup.Graph.Outputs[0].Name, .. taps] : [];

    public override IReadOnlyList<string> TermKeys => _objective.TermKeys;

    public override bool TellsGradients => _objective.Losses.Count > 0;

    public override GradientBalance? Balance => _objective.Balance;

    public override BatchLoss Loss => BatchLoss.Mean;

    public override ChanceGuard? Guard => _guard.Value;

    public override int BatchCount => _loader.BatchCount;

    public override IReadOnlyList<string> BadSamples => _loader.BadSamples;

    public override bool HasHeldOut => _setup.HeldOut is not null;

    public override IReadOnlyList<ResultColumn> Columns => ResultColumn.OfClassifier(TermKeys, _objective.Losses.Count > 0);

    public override IEnumerable<TrainingBatch> Epoch(int epoch, int firstBatch, CancellationToken cancellation) =>
        _strong is null
            ? _loader.Epoch(epoch, firstBatch, cancellation).Select(batch => new Labelled(batch, _objective))
            : _loader.Epoch(epoch, firstBatch, cancellation).Zip(_strong.Epoch(epoch, firstBatch, cancellation), (weak, strong) => new Labelled(weak, _objective, strong));

    public override IEnumerable<TrainingBatch> StatisticsBatches() => _loader.Epoch(0, 0, CancellationToken.None).Take(MostStatisticsBatches).Select(batch => new Labelled(batch, _objective));

    public override IReadOnlyList<Companion> Prepare(GraphExecutor executor)
    {
        if (_objective.Losses.Count == 0)
        {
            return [];
        }

        LossPreparation.Prepare(_objective, executor, _loader.Epoch(0, 0, CancellationToken.None).First(), new()
        {
            Shapes = new(),
            Seed = _setup.Seed,
            Precision = executor.Precision == ScalarType.Float64 ? ElementType.Float64 : ElementType.Float32,
            Device = _setup.Device,
            SampleLabels = _objective.Losses.Any(term => term.Loss.Needs.Uses(LossInput.Indices)) ? [.. Enumerable.Range(0, _setup.Data.Count).Select(_setup.Data.LabelOf)] : [],
            Plugins = _setup.Plugins,
        });
        // Where no end can be written, it is told before the first step.
        _ = Shipped(_setup.Graph);

        var companions = _objective.Losses.Where(term => term.Loss.Adapters.Count > 0 || term.Loss.State.Count > 0).Select(term => (Companion)new AdapterCompanion(term.Key, term.Loss, _setup.Options, _setup.Plugins)).ToList();
        if (_objective.Teacher?.Companion is { } taught)
        {
            companions.Add(taught);
        }

        return companions;
    }

    public override ModelGraph Shipped(ModelGraph trained) =>
        _objective.PredictorTerm is { } term ? new GraftPass(term.StudentTaps[0], term.Loss.WritePredictor(), term.Key).Apply(trained).Graph : trained;

    public override void Begin(GraphExecutor executor, bool fresh, Action<long, long> studied, CancellationToken cancellation)
    {
        if (fresh)
        {
            LossPreparation.Study(_objective, executor.Precision, executor.Device, BatchCount, epoch => _loader.Epoch(epoch, 0, CancellationToken.None), studied, cancellation);
        }

        foreach (var term in _objective.Losses)
        {
            term.Loss.EndStudy();
        }
    }

    public override TrainingScore Evaluate(byte[] model, CancellationToken cancellation)
    {
        using var session = ModelSession.Open(model, new() { Threads = _setup.Threads });
        var score = Evaluator.Evaluate(session, _setup.HeldOut!, new() { Input = _setup.Card.Input, BatchSize = 256, Workers = _setup.Workers, SkipBad = _setup.SkipBad }, cancellation: cancellation).Score;
        return new(score.Top1, score.Nll, new Dictionary<string, double>(), Math.Sqrt(score.Top1 * (1 - score.Top1) / score.Count));
    }

    /// <summary>None where no term trains the model's answers, as in a first stage of features alone.</summary>
    private ChanceGuard? MakeGuard()
    {
        string[] answers = _objective.PredictorTerm is not null
            ? [.. TermKeys]
            : [.. _objective.HardWeight > 0 ? [TermKeys[0]] : Array.Empty<string>(), .. _objective.Losses.Where(term => term.Loss.Needs.Uses(LossInput.StudentLogits)).Select(term => term.Key)];
        return answers.Length == 0 ? null : new(_setup.Options.Over(BatchCount), answers, ChanceLevel.Of(_setup.Data), ChanceLevel.Of(_setup.HeldOut), () => _setup.Reference ?? TeacherAccuracy());
    }

    /// <summary>The share of training images that the teacher gets right, of the first thousand or so; null where there is none, or one that learns along.</summary>
    private double? TeacherAccuracy()
    {
        if (_objective.Teacher is not { Companion: null } teacher)
        {
            return null;
        }

        long seen = 0, right = 0;
        foreach (var batch in _loader.Epoch(0, 0, CancellationToken.None).Take(1 + (1000 / _setup.Options.Batch)))
        {
            using var answers = teacher.Teach(batch);
            seen += batch.Count;
            right += BatchTensors.CountRight(answers[teacher.LogitsName], batch.Labels.Span[..batch.Count]);
        }

        return (double)right / Math.Max(1, seen);
    }

    private static BatchLoaderOptions Loading(ClassificationSetup setup, IReadOnlyList<PluginChoice<Augmentation>> augment) => new()
    {
        BatchSize = setup.Options.Batch,
        Workers = setup.Workers,
        Shuffle = true,
        AvoidSingle = true,
        SkipBad = setup.SkipBad,
        Seed = setup.Seed,
        Input = setup.Card.Input,
        Augmentations = [.. augment.Select(setup.Plugins.Augmentations.Create)],
    };

    /// <summary>A batch with the objective it is held against.</summary>
    internal sealed class Labelled(Batch batch, Objective objective, Batch? strong = null) : TrainingBatch
    {
        public override int Count => batch.Count;

        public override bool FeedsEveryTerm => objective.HardWeight == 0 || CountAnswered > 0;

        public override int CountAnswered => batch.CountLabeled;

        public override Tensor Input(GraphExecutor executor, long step) => BatchTensors.Pixels(batch, executor);

        public override IReadOnlyList<(double Weight, Tensor Value)> Terms(NamedTensors outputs, GraphExecutor executor, TrainingMoment moment)
        {
            using var labels = BatchTensors.Labels(batch, executor);
            if (strong is null)
            {
                return objective.Terms(outputs, labels, batch, moment);
            }

            using var pixels = BatchTensors.Pixels(strong, executor);
            using var view = executor.Train(pixels, moment.Step);
            return objective.Terms(outputs, labels, batch, moment, (strong, view[view.Names.First()]));
        }

        /// <summary>Null where the file ends otherwise than what is trained: its own logits are of no use then.</summary>
        public override int? CountRight(NamedTensors outputs) => objective.PredictorTerm is not null ? null : BatchTensors.CountRight(outputs[outputs.Names.First()], batch.Labels.Span[..batch.Count]);
    }
}
