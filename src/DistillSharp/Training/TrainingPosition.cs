namespace DistillSharp.Training;

/// <summary>Where training is and what it found so far: everything of a run's state that is not a tensor.</summary>
internal sealed class TrainingPosition
{
    /// <summary>The 0-based epoch.</summary>
    public int Epoch { get; set; }

    /// <summary>Steps taken in this epoch.</summary>
    public int StepInEpoch { get; set; }

    /// <summary>Steps taken in all.</summary>
    public long Step { get; set; }

    /// <summary>Steps of the optimiser: fewer than steps where gradients of several batches are added up.</summary>
    public long Updates { get; set; }

    /// <summary>The batches whose gradients wait for the optimiser.</summary>
    public int Pending { get; set; }

    /// <summary>The images of these batches.</summary>
    public int PendingImages { get; set; }

    /// <summary>The running sums of this epoch.</summary>
    public EpochTally Tally { get; set; } = new();

    /// <summary>The epochs that ended.</summary>
    public List<EpochResult> Curve { get; set; } = [];

    /// <summary>The 1-based best epoch so far, or 0.</summary>
    public int BestEpochNumber { get; set; }

    /// <summary>The gradients' norms that balanced weights follow; null where there are none.</summary>
    public IReadOnlyList<double>? BalanceNorms { get; set; }

    /// <summary>Evaluations since the best one.</summary>
    public int SinceBest { get; set; }

    /// <summary>Whether training came to its end.</summary>
    public bool Finished { get; set; }

    /// <summary>The pictures left out so far because they could not be read.</summary>
    public IReadOnlyList<string> BadSamples { get; set; } = [];

    /// <summary>The best epoch so far, or null.</summary>
    public EpochResult? Best => BestEpochNumber > 0 ? Curve[BestEpochNumber - 1] : null;

    /// <summary>Takes an epoch in, and says whether it is the best: highest held-out score, then lowest held-out loss; without held-out pictures the latest.</summary>
    public bool Add(EpochResult result)
    {
        Curve.Add(result);
        bool better = ScoreOf(result).Beats(Best is { } best ? ScoreOf(best) : null);
        if (better)
        {
            BestEpochNumber = result.EpochNumber;
            SinceBest = 0;
        }
        else if (result.ValidationScore is not null)
        {
            SinceBest++;
        }

        return better;
    }

    private static HeldOutScore ScoreOf(EpochResult result) => new(result.ValidationScore, result.ValidationLoss);
}
