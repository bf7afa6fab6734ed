using DistillSharp.Training;

namespace DistillSharp.Observers;

/// <summary>Looks at a run without touching it. Every method does nothing unless overridden; all are called on the training thread, in order.</summary>
public abstract class TrainingObserver
{
    /// <summary>A stage of the run begins; the one before it is done.</summary>
    /// <param name="stage">Which one, of how many.</param>
    public virtual void OnStage(RunStage stage)
    {
    }

    /// <summary>Work of the stage that is not training went on: a teacher is checked, a model is calibrated, scored or profiled.</summary>
    /// <param name="work">What is done, and how far it is.</param>
    public virtual void OnWork(StageWork work)
    {
    }

    /// <summary>A batch was studied by a loss that learns the teacher before the student's first step; called before <see cref="OnStart"/>.</summary>
    /// <param name="study">Where the study is.</param>
    public virtual void OnStudy(TrainingStudy study)
    {
    }

    /// <summary>Training is about to start, or to go on after an interruption.</summary>
    /// <param name="start">What is trained, for how long.</param>
    public virtual void OnStart(TrainingStart start)
    {
    }

    /// <summary>A step was taken.</summary>
    /// <param name="step">Where training is.</param>
    public virtual void OnStep(TrainingStep step)
    {
    }

    /// <summary>An epoch ended and, if it was its turn, was evaluated.</summary>
    /// <param name="result">What it came to.</param>
    public virtual void OnEpoch(EpochResult result)
    {
    }

    /// <summary>Training ended: done, stopped early, interrupted or failed.</summary>
    public virtual void OnEnd()
    {
    }
}

/// <summary>Where a study of the teacher is, before training.</summary>
/// <param name="Name">Which model of the run is to be trained after it: <c>distilled</c>.</param>
/// <param name="Folder">The run's folder for this model, or null if nothing is written.</param>
/// <param name="Step">Batches studied, 1 or more.</param>
/// <param name="Steps">Batches in all.</param>
public sealed record TrainingStudy(string Name, string? Folder, long Step, long Steps);

/// <summary>What is trained, for how long.</summary>
/// <param name="Name">Which model of the run: <c>teacher</c>, <c>control</c>, <c>distilled</c>.</param>
/// <param name="Folder">The run's folder for this model, or null if nothing is written.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="StepsPerEpoch">Steps in an epoch.</param>
/// <param name="FirstStep">Steps already taken, above 0 after a resume.</param>
public sealed record TrainingStart(string Name, string? Folder, int Epochs, long StepsPerEpoch, long FirstStep)
{
    /// <summary>Epochs already finished, above 0 after a resume.</summary>
    public int FinishedEpochs { get; init; }

    /// <summary>What <c>results.csv</c> tells of an epoch; empty for a classifier's columns.</summary>
    public IReadOnlyList<ResultColumn> Columns { get; init; } = [];
}

/// <summary>Where training is after a step.</summary>
/// <param name="Step">Steps taken since the start of training.</param>
/// <param name="EpochNumber">The 1-based epoch.</param>
/// <param name="StepInEpoch">Steps taken in this epoch.</param>
/// <param name="ImageCount">Pictures in the step.</param>
/// <param name="LearningRate">The learning rate used.</param>
/// <param name="Loss">The latest total loss known. It is read from the device every few steps, so it may be that of an earlier step.</param>
public readonly record struct TrainingStep(long Step, int EpochNumber, long StepInEpoch, int ImageCount, double LearningRate, double Loss);
