namespace DistillSharp.Observers;

/// <summary>A stage of a run: a model that is trained, checked or made, or the measuring at the end.</summary>
/// <param name="Number">Its 1-based position among the stages of the run.</param>
/// <param name="Count">The number of stages of the run.</param>
/// <param name="Title">What it makes, and in which repeat: <c>control (seed 0)</c>, <c>distilled (fold 2)</c>, <c>measuring</c>.</param>
public sealed record RunStage(int Number, int Count, string Title);

/// <summary>How far a stage's work is, where it is not training.</summary>
/// <param name="Doing">What is done, in a few words: <c>scoring teacher</c>.</param>
/// <param name="Share">The share of it that is done, 0 to 1.</param>
public sealed record StageWork(string Doing, double Share);
