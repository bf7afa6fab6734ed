using DistillSharp.Execution;
using DistillSharp.Graph;

namespace DistillSharp.Training;

/// <summary>What is trained or kept beside the student and belongs to the run, not to the student's file: a loss's adapters, a peer, an averaged teacher.</summary>
public abstract class Companion
{
    /// <summary>What it is called in the run's state; the same in every start of the run.</summary>
    public abstract string Name { get; }

    /// <summary>Sets its gradients to zero, where it has any.</summary>
    public virtual void ZeroGradients()
    {
    }

    /// <summary>Multiplies the pending gradients of earlier batches, where it has any: the share that they keep of a mean over several batches.</summary>
    /// <param name="factor">The share, above 0 and below 1.</param>
    public virtual void ScaleGradients(double factor)
    {
    }

    /// <summary>Told that the student's gradients are there: what learns from the same batch takes its own.</summary>
    /// <param name="share">What the batch's loss is multiplied by: its share of a mean over several batches, 1 for a batch alone.</param>
    public virtual void Backward(double share)
    {
    }

    /// <summary>Takes a step with the pending gradients.</summary>
    /// <param name="step">The size of the student's step: its learning rates and momentum.</param>
    public virtual void Step(OptimizerStep step)
    {
    }

    /// <summary>Told that the student took a step.</summary>
    /// <param name="student">The student.</param>
    /// <param name="update">How many steps it took before this one.</param>
    public virtual void OnUpdated(GraphExecutor student, long update)
    {
    }

    /// <summary>The models that it trains beside the student and that are evaluated when the student is; none (default) where it trains none.</summary>
    internal virtual IReadOnlyList<KeptModel> Models => [];

    /// <summary>Puts averaged weights in place of the current ones where they go into the student's file; called again, puts these back.</summary>
    internal virtual void SwapAverages()
    {
    }

    /// <summary>Adds what must be saved, by name.</summary>
    /// <param name="tensors">The run's state.</param>
    /// <param name="pending">Whether gradients wait for the optimiser.</param>
    internal abstract void Save(IDictionary<string, TensorData> tensors, bool pending);

    /// <summary>Puts back what was saved.</summary>
    /// <param name="state">The run's state.</param>
    /// <param name="pending">Whether gradients wait for the optimiser.</param>
    internal abstract void Load(SavedTensors state, bool pending);
}
