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

    /// <summary>The 1-based epoch whose model is kept so far, or 0.</summary>
    public int BestEpochNumber { get; set; }

    /// <summary>The gradients' norms that balanced weights follow; null where there are none.</summary>
    public IReadOnlyList<double>? BalanceNorms { get; set; }

    /// <summary>Evaluations since the highest score.</summary>
    public int SinceBest { get; set; }

    /// <summary>Whether training came to its end.</summary>
    public bool Finished { get; set; }

    /// <summary>The pictures left out so far because they could not be read.</summary>
    public IReadOnlyList<string> BadSamples { get; set; } = [];

    /// <summary>Takes an epoch in, and says whether its model is kept (<see cref="HeldOutScore"/>).</summary>
    public bool Add(EpochResult result)
    {
        var (highest, score) = (Highest(), ScoreOf(result));
        Curve.Add(result);
        if (score.Beats(highest))
        {
            SinceBest = 0;
        }
        else if (score.Score is not null)
        {
            SinceBest++;
        }

        if (!score.Replaces(highest))
        {
            return false;
        }

        BestEpochNumber = result.EpochNumber;
        return true;
    }

    private HeldOutScore? Highest()
    {
        HeldOutScore? highest = null;
        foreach (var score in Curve.Select(ScoreOf))
        {
            highest = score.Beats(highest) ? score : highest;
        }

        return highest;
    }

    private static HeldOutScore ScoreOf(EpochResult result) => new(result.ValidationScore, result.ValidationLoss, result.ValidationError);
}
