using System.Globalization;

namespace DistillSharp.Training;

/// <summary>
/// Finds a classifier that learns nothing although its data can be learned: after the warm-up, for several epochs in a row, its accuracy is within noise of chance and no loss of its
/// logits falls, while a teacher is far above chance. A loss that falls in each of these epochs, however little, or by 0.2 % from their first half to their second is learning.
/// </summary>
internal sealed class ChanceGuard
{
    private const double LeastFall = 0.002;
    private readonly int _epochs;
    private readonly double _warmupEpochs;
    private readonly IReadOnlyList<string> _terms;
    private readonly ChanceLevel? _train, _heldOut;
    private readonly Lazy<double?> _teacher;

    /// <summary>Creates the guard.</summary>
    /// <param name="options">How the model is trained.</param>
    /// <param name="terms">The keys of the terms that train the model's answers.</param>
    /// <param name="train">Chance on the training images; null where they have no labels.</param>
    /// <param name="heldOut">Chance on the held-out images; null where there are none.</param>
    /// <param name="teacher">The share that a teacher gets right, asked for only where the model is at chance; null where none tells.</param>
    public ChanceGuard(TrainingOptions options, IReadOnlyList<string> terms, ChanceLevel? train, ChanceLevel? heldOut, Func<double?> teacher)
    {
        (_epochs, _warmupEpochs, _terms, _train, _heldOut, _teacher) = (options.ChanceEpochs, options.WarmupEpochs, terms, train, heldOut, new(teacher));
    }

    /// <summary>What is wrong after an epoch.</summary>
    /// <param name="curve">The epochs so far.</param>
    /// <returns>What happened, as a sentence's middle, and its causes; null where the model learns, or nothing tells that it should.</returns>
    public string? Complaint(IReadOnlyList<EpochResult> curve)
    {
        if (_epochs == 0 || curve.Count < _epochs || curve[^_epochs].EpochNumber - 1 < _warmupEpochs)
        {
            return null;
        }

        EpochResult[] last = [.. curve.Skip(curve.Count - _epochs)];
        bool above = last.Any(epoch => epoch.TrainAccuracy > _train?.Bound || epoch.ValidationScore > _heldOut?.Bound);
        if (above || _terms.Any(term => Falls([.. last.Select(epoch => epoch.Terms.GetValueOrDefault(term))])) || _teacher.Value is not { } teacher)
        {
            return null;
        }

        bool train = _train?.CanTell(teacher) == true && last.All(epoch => epoch.TrainAccuracy is not null);
        bool heldOut = _heldOut?.CanTell(teacher) == true && last.Any(epoch => epoch.ValidationScore is not null);
        return train || heldOut ? Describe(last, teacher, train, heldOut) : null;
    }

    private static bool Falls(double[] losses)
    {
        bool always = losses.Zip(losses.Skip(1)).All(pair => pair.Second < pair.First);
        int half = losses.Length / 2;
        double before = losses.Take(losses.Length - half).Average(), after = losses.Skip(half).Average();
        return losses.Length > 1 && (always || before - after > LeastFall * Math.Abs(before));
    }

    private string Describe(EpochResult[] last, double teacher, bool train, bool heldOut)
    {
        var end = last[^1];
        var scores = new List<string>();
        if (train)
        {
            scores.Add(string.Create(CultureInfo.InvariantCulture, $"training accuracy {end.TrainAccuracy:P1}, chance up to {_train!.Value.Bound:P1}"));
        }

        if (heldOut)
        {
            scores.Add(string.Create(CultureInfo.InvariantCulture, $"held-out top-1 {last.Last(epoch => epoch.ValidationScore is not null).ValidationScore:P1}, chance up to {_heldOut!.Value.Bound:P1}"));
        }

        string losses = string.Join(", ", _terms.Select(term => string.Create(CultureInfo.InvariantCulture, $"{term} {last[0].Terms.GetValueOrDefault(term):0.###} to {end.Terms.GetValueOrDefault(term):0.###}")));
        string norms = string.Join(", ", end.GradientNorms.Select(norm => string.Create(CultureInfo.InvariantCulture, $"{norm.Key} {norm.Value:0.##e+0}")));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"for {_epochs} epochs it stayed at chance ({string.Join("; ", scores)}) and its loss did not fall ({losses}), while a teacher gets {teacher:P1} right. "
            + $"The learning rate is {end.LearningRate:0.######}{(norms.Length > 0 ? $", the gradient norms of the weighted terms are {norms}" : "")}");
    }
}
