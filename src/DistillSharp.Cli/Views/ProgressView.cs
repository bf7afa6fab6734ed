using DistillSharp.Observers;

namespace DistillSharp.Cli.Views;

/// <summary>Shows how a run goes on: bars on a terminal, milestones where the output is a file.</summary>
internal abstract class ProgressView : IProgress<string>, IDisposable
{
    /// <summary>Looks at the training.</summary>
    public abstract TrainingObserver Observer { get; }

    /// <summary>The run's folder, once a stage has begun.</summary>
    public string? Folder { get; protected set; }

    /// <summary>The view that fits where the output goes.</summary>
    public static ProgressView Create() => Console.IsOutputRedirected || Console.IsErrorRedirected ? new MilestoneView() : new BarView();

    /// <summary>Does the work while the view is on the screen.</summary>
    /// <param name="work">The work.</param>
    public virtual DistillerResult Show(Func<DistillerResult> work) => work();

    /// <summary>Tells a line.</summary>
    /// <param name="value">The line.</param>
    public abstract void Report(string value);

    public void Dispose() => GC.SuppressFinalize(this);

    /// <summary>The run's folder is two above a stage's: <c>RUN/seed-0/teacher</c>.</summary>
    protected void Remember(string? stageFolder) => Folder = Path.GetDirectoryName(Path.GetDirectoryName(stageFolder ?? "")) is { Length: > 0 } run ? run : null;
}
