using DistillSharp.Graph;
using DistillSharp.Losses;

namespace DistillSharp.Training;

/// <summary>A distillation loss in an objective: its key, and the values it taps.</summary>
/// <param name="Key">The key; no two terms have the same.</param>
/// <param name="Loss">The loss; it is not owned.</param>
public sealed record LossTerm(string Key, DistillationLoss Loss)
{
    /// <summary>The student's values that it compares, in order; the executor must be asked for them.</summary>
    public IReadOnlyList<string> StudentTaps { get; init; } = [];

    /// <summary>The teacher's values that it compares, in order; the teacher must give them.</summary>
    public IReadOnlyList<string> TeacherTaps { get; init; } = [];

    /// <summary>What the loss is told before the first batch beside shapes and precision.</summary>
    public Func<LossSetup, LossSetup> Setup { get; init; } = setup => setup;

    /// <summary>A term that taps nothing: of a loss that compares logits.</summary>
    /// <param name="pair">The key and the loss.</param>
    public static implicit operator LossTerm((string Key, DistillationLoss Loss) pair) => new(pair.Key, pair.Loss);

    /// <summary>A term that taps nothing: of a loss that compares logits.</summary>
    /// <param name="pair">The key and the loss.</param>
    public static LossTerm ToLossTerm((string Key, DistillationLoss Loss) pair) => pair;

    /// <summary>The terms of losses, a key of its own for each: <c>kd</c>, <c>kd-2</c>.</summary>
    /// <param name="losses">The losses with their plug-ins' keys.</param>
    public static IReadOnlyList<LossTerm> Of(IEnumerable<(string Key, DistillationLoss Loss)> losses)
    {
        ArgumentNullException.ThrowIfNull(losses);
        var terms = new List<LossTerm>();
        foreach (var (key, loss) in losses)
        {
            int same = 1;
            string free = key;
            while (terms.Exists(term => term.Key == free))
            {
                free = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{key}-{++same}");
            }

            terms.Add(new(free, loss));
        }

        return terms;
    }
}
