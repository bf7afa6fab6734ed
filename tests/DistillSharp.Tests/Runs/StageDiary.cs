using DistillSharp.Observers;

namespace DistillSharp.Tests.Runs;

/// <summary>Notes the stages of a run, what was trained in each, and other work.</summary>
internal sealed class StageDiary : TrainingObserver
{
    private readonly List<RunStage> _stages = [];
    private readonly List<(string Stage, string Model)> _trained = [];
    private readonly List<(string Stage, StageWork Work)> _work = [];

    public IReadOnlyList<RunStage> Stages => _stages;

    public IReadOnlyList<string> Titles => [.. _stages.Select(stage => stage.Title)];

    public IReadOnlyList<(string Stage, string Model)> Trained => _trained;

    public IReadOnlyList<(string Stage, StageWork Work)> Work => _work;

    public override void OnStage(RunStage stage) => _stages.Add(stage);

    public override void OnStart(TrainingStart start) => _trained.Add((_stages[^1].Title, start.Name));

    public override void OnWork(StageWork work) => _work.Add((_stages[^1].Title, work));

    /// <summary>Fails unless every stage of the plan came, in order and numbered, with the titles expected.</summary>
    public void AssertWhole(params IReadOnlyList<string> titles)
    {
        Assert.Equal(titles, Titles);
        Assert.Equal(Enumerable.Range(1, titles.Count), _stages.Select(stage => stage.Number));
        Assert.All(_stages, stage => Assert.Equal(titles.Count, stage.Count));
    }
}
