using DistillSharp.Execution;
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

    public ClassificationTask(ClassificationSetup setup)
    {
        _setup = setup;
        _objective = setup.Objective ?? Objective.HardLabels(setup.Options.LabelSmoothing);
        _loader = new(setup.Data, new()
        {
            BatchSize = setup.Options.Batch,
            Workers = setup.Workers,
            Shuffle = true,
            SkipBad = setup.SkipBad,
            Seed = setup.Seed,
            Input = setup.Card.Input,
            Augmentations = [.. setup.Options.Augment.Select(setup.Plugins.Augmentations.Create)],
        });
    }

    public override IReadOnlyList<string> TermKeys => _objective.TermKeys;

    public override int BatchCount => _loader.BatchCount;

    public override IReadOnlyList<string> BadSamples => _loader.BadSamples;

    public override bool HasHeldOut => _setup.HeldOut is not null;

    public override IReadOnlyList<ResultColumn> Columns => ResultColumn.OfClassifier(TermKeys);

    public override IEnumerable<TrainingBatch> Epoch(int epoch, int firstBatch, CancellationToken cancellation) =>
        _loader.Epoch(epoch, firstBatch, cancellation).Select(batch => new Labelled(batch, _objective));

    public override TrainingScore Evaluate(byte[] model, CancellationToken cancellation)
    {
        using var session = ModelSession.Open(model, new() { Threads = _setup.Threads });
        var score = Evaluator.Evaluate(session, _setup.HeldOut!, new() { Input = _setup.Card.Input, BatchSize = 256, Workers = _setup.Workers, SkipBad = _setup.SkipBad }, cancellation: cancellation).Score;
        return new(score.Top1, score.Nll, new Dictionary<string, double>());
    }

    /// <summary>A batch with the objective it is held against.</summary>
    internal sealed class Labelled(Batch batch, Objective objective) : TrainingBatch
    {
        public override int Count => batch.Count;

        public override Tensor Input(GraphExecutor executor, long step) => BatchTensors.Pixels(batch, executor);

        public override IReadOnlyList<(double Weight, Tensor Value)> Terms(NamedTensors outputs, GraphExecutor executor)
        {
            using var labels = BatchTensors.Labels(batch, executor);
            return objective.Terms(outputs[outputs.Names.First()], labels, batch);
        }

        public override int? CountRight(NamedTensors outputs) => BatchTensors.CountRight(outputs[outputs.Names.First()], batch.Labels.Span[..batch.Count]);
    }
}
