using DistillSharp.Execution;
using DistillSharp.Graph;

namespace DistillSharp.Training;

/// <summary>What the one training loop needs to know of a task: its batches, its loss and its score.</summary>
internal abstract class TrainingTask
{
    /// <summary>Batches from which running statistics are computed, at most.</summary>
    protected const int MostStatisticsBatches = 50;

    /// <summary>The outputs that training asks the model for; empty for all.</summary>
    public virtual IReadOnlyList<string> Wanted => [];

    /// <summary>The keys of the loss's terms.</summary>
    public abstract IReadOnlyList<string> TermKeys { get; }

    /// <summary>What the loss of a batch is of the losses of its images.</summary>
    public abstract BatchLoss Loss { get; }

    /// <summary>What stops a model that learns nothing; null where nothing tells that it should have learned.</summary>
    public virtual ChanceGuard? Guard => null;

    /// <summary>Steps in an epoch.</summary>
    public abstract int BatchCount { get; }

    /// <summary>Pictures left out so far because they could not be read.</summary>
    public abstract IReadOnlyList<string> BadSamples { get; }

    /// <summary>Whether there are pictures that score an epoch.</summary>
    public abstract bool HasHeldOut { get; }

    /// <summary>What <c>results.csv</c> tells of an epoch.</summary>
    public abstract IReadOnlyList<ResultColumn> Columns { get; }

    /// <summary>What keeps the terms' gradients in proportion; null where weights are taken as they are.</summary>
    public virtual GradientBalance? Balance => null;

    /// <summary>Whether each epoch tells how much gradient every term sends into the model.</summary>
    public virtual bool TellsGradients => false;

    /// <summary>Makes what is trained beside the model, before the first batch and before a saved state is put back.</summary>
    /// <param name="executor">The model.</param>
    public virtual IReadOnlyList<Companion> Prepare(GraphExecutor executor) => [];

    /// <summary>Called once the companions are made and a saved state is put back.</summary>
    /// <param name="executor">The model.</param>
    /// <param name="fresh">Whether training starts; false where it goes on.</param>
    /// <param name="studied">Told after each batch of a study: batches studied, and batches in all.</param>
    /// <param name="cancellation">Stops a study.</param>
    public virtual void Begin(GraphExecutor executor, bool fresh, Action<long, long> studied, CancellationToken cancellation)
    {
    }

    /// <summary>The model as its file has it.</summary>
    /// <param name="trained">The trained graph; it is not changed.</param>
    public virtual ModelGraph Shipped(ModelGraph trained) => trained;

    /// <summary>The batches of an epoch, in order.</summary>
    /// <param name="epoch">The 0-based epoch.</param>
    /// <param name="firstBatch">Batches to leave out at the start.</param>
    /// <param name="cancellation">Stops the loading.</param>
    public abstract IEnumerable<TrainingBatch> Epoch(int epoch, int firstBatch, CancellationToken cancellation);

    /// <summary>The batches from which running statistics are computed: the same in every epoch and after a resume. A batch is valid until the next one is taken.</summary>
    public virtual IEnumerable<TrainingBatch> StatisticsBatches() => Epoch(0, 0, CancellationToken.None).Take(MostStatisticsBatches);

    /// <summary>Scores a model on the held-out pictures with ONNX Runtime.</summary>
    /// <param name="model">The ONNX file.</param>
    /// <param name="cancellation">Stops the evaluation.</param>
    public abstract TrainingScore Evaluate(byte[] model, CancellationToken cancellation);
}
