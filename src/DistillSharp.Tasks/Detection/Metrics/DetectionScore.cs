namespace DistillSharp.Tasks.Detection.Metrics;

/// <summary>
/// What a detector scored: the mean average precision as Ultralytics computes it (see <see cref="MapMethod"/>), and precision and recall at the confidence of the best F1. Means are over
/// the classes that have true boxes; without any, they are 0.
/// </summary>
public sealed record DetectionScore
{
    /// <summary>How every mAP here is computed, as a clause. COCO's evaluator (arXiv:1405.0312) counts no precision beyond the recall that is reached.</summary>
    public const string MapMethod = "mAP is Ultralytics' variant: 101-point interpolation with the curve extended to recall 1, so it is higher than COCO's where objects are missed";

    /// <summary>The pictures scored, those without true boxes included.</summary>
    public required int Images { get; init; }

    /// <summary>The true boxes.</summary>
    public required int Instances { get; init; }

    /// <summary>The classes told apart, those without true boxes included.</summary>
    public required int ClassCount { get; init; }

    /// <summary>The classes that have true boxes, by rising number.</summary>
    public required IReadOnlyList<ClassDetectionScore> Classes { get; init; }

    /// <summary>The confidence at which the mean F1 over the classes, smoothed, is best.</summary>
    public required double BestConfidence { get; init; }

    /// <summary>The curves.</summary>
    public required DetectionCurves Curves { get; init; }

    /// <summary>Which classes are taken for which.</summary>
    public required DetectionConfusion Confusion { get; init; }

    /// <summary>Found boxes left out because their confidence or place was no finite number: above 0, the model is broken.</summary>
    public required int Unusable { get; init; }

    /// <summary>The mean precision at <see cref="BestConfidence"/>, 0 to 1.</summary>
    public double Precision => Mean(one => one.Precision);

    /// <summary>The mean recall at <see cref="BestConfidence"/>, 0 to 1.</summary>
    public double Recall => Mean(one => one.Recall);

    /// <summary>The mean average precision at a threshold of 0.50, Ultralytics' variant, 0 to 1.</summary>
    public double Map50 => Mean(one => one.Ap50);

    /// <summary>The mean average precision at a threshold of 0.75, Ultralytics' variant, 0 to 1.</summary>
    public double Map75 => Mean(one => one.AveragePrecisions[5]);

    /// <summary>The mean average precision over thresholds 0.50, 0.55, ... 0.95, Ultralytics' variant, 0 to 1: mAP50-95.</summary>
    public double Map => Mean(one => one.Ap);

    /// <summary>What chooses the best epoch: 0.1 mAP50 + 0.9 mAP50-95.</summary>
    public double Fitness => (0.1 * Map50) + (0.9 * Map);

    /// <summary>The average precision of every class; the mean for a class without true boxes.</summary>
    /// <returns>[C].</returns>
    public double[] PerClass()
    {
        double[] all = new double[ClassCount];
        Array.Fill(all, Map);
        foreach (var one in Classes)
        {
            all[one.ClassIndex] = one.Ap;
        }

        return all;
    }

    private double Mean(Func<ClassDetectionScore, double> value) => Classes.Count == 0 ? 0 : Classes.Average(value);
}
