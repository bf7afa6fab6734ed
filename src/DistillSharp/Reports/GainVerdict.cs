using static System.FormattableString;

namespace DistillSharp.Reports;

/// <summary>What follows from a gain: one of three answers, or that the run cannot tell, in words.</summary>
/// <param name="gain">The gain, with its interval.</param>
/// <param name="evidence">What it was taken from.</param>
internal sealed class GainVerdict(Gain gain, GainEvidence evidence)
{
    private readonly double _control = evidence.Control.Average(), _distilled = evidence.Distilled.Average();

    /// <summary>The answer.</summary>
    public GainAnswer Answer =>
        Repeats == 1 || !HasLearned ? GainAnswer.Open
        : gain.Low > 0 ? (HasWeakTeacher ? GainAnswer.Open : GainAnswer.Helps)
        : gain.High < 0 ? GainAnswer.Hurts
        : GainAnswer.Unclear;

    /// <summary>The sentences: the number, what it is compared with, the caveats.</summary>
    public string Text => string.Join(' ', Sentences());

    /// <summary>What must be known before the figure is believed; empty where nothing must.</summary>
    public string Caveat =>
        !HasLearned ? $"Neither model is clearly above {evidence.FloorName} ({evidence.Show(evidence.Floor)}): control {evidence.Show(_control)}, distilled {evidence.Show(_distilled)}."
        : !HasWeakTeacher ? ""
        : $"The teacher does not score above the control ({evidence.Show(evidence.Teacher!.Value)} against {evidence.Show(_control)}){(gain.Low > 0 ? ", so the gain does not come from a better teacher" : ": train it longer or use a stronger one")}.";

    private int Repeats => gain.Points.Count;

    private bool HasLearned => Math.Max(_control, _distilled) > evidence.Floor;

    private bool HasWeakTeacher => evidence.Teacher <= _control;

    private IEnumerable<string> Sentences()
    {
        string difference = Invariant($"{Gain.Signed(gain.Mean)} points of {evidence.Figure} against the control");
        string interval = (gain.Low, gain.High) is ({ } low, { } high) ? $"95 % interval {Gain.Signed(low)} to {Gain.Signed(high)}" : "no interval";
        if (Repeats == 1)
        {
            yield return $"{difference} ({interval}{(gain.Images is { } images ? Invariant($" over {images.Count:#,0} test images") : "")}).";
            yield return $"One {evidence.Repeat} compares these two models, not distillation: repeat it with {More}.";
        }
        else
        {
            string answer = Answer switch
            {
                GainAnswer.Helps => "Distillation helps",
                GainAnswer.Hurts => "Distillation hurts",
                GainAnswer.Unclear => "No clear difference",
                _ => "No verdict",
            };
            yield return $"{answer}: {difference} ({interval} over {Repeats} {evidence.Repeat}s, better with {gain.Wins} of them).";
        }

        if (Caveat.Length > 0)
        {
            yield return Caveat;
        }
        else if (Answer == GainAnswer.Unclear)
        {
            yield return $"More {evidence.Repeat}s narrow the interval ({More}).";
        }
    }

    private string More => evidence.Repeat == "fold" ? Invariant($"folds: {Math.Max(4, 2 * Repeats)}") : Invariant($"--seeds {Math.Max(5, 2 * Repeats)}");
}
