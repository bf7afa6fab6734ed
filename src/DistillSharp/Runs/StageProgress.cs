using DistillSharp.Observers;

namespace DistillSharp.Runs;

/// <summary>Passes on how far a piece of a stage's work is, told in shares or in pieces.</summary>
/// <param name="observers">Who is told.</param>
/// <param name="doing">The work, in a few words.</param>
/// <param name="count">The number of pieces.</param>
/// <param name="begin">The share of the stage's work that was done before it.</param>
/// <param name="end">The share that is done with it.</param>
internal sealed class StageProgress(IReadOnlyList<TrainingObserver> observers, string doing, int count, double begin, double end) : IProgress<double>, IProgress<int>
{
    /// <summary>A share of the work is done.</summary>
    /// <param name="value">The share, 0 to 1.</param>
    public void Report(double value)
    {
        var work = new StageWork(doing, begin + ((end - begin) * Math.Clamp(value, 0, 1)));
        foreach (var observer in observers)
        {
            observer.OnWork(work);
        }
    }

    /// <summary>Some of the pieces are done.</summary>
    /// <param name="value">How many.</param>
    public void Report(int value) => Report((double)value / Math.Max(1, count));
}
