using DistillSharp.Detection.Distillation;
using DistillSharp.Tasks.Detection.Metrics;
using DistillSharp.Training;

namespace DistillSharp.Detection.Training;

/// <summary>The columns of a detector's <c>results.csv</c>, named as Ultralytics names them.</summary>
internal static class DetectionColumns
{
    /// <summary>The keys of what is reported of a batch.</summary>
    public const string Box = "box_loss", Class = "cls_loss", Distribution = "dfl_loss";

    private static readonly string[] s_losses = [Box, Class, Distribution], s_rates = ["lr/pg1", "lr/pg2"];

    private const string Precision = "metrics/precision(B)", Recall = "metrics/recall(B)", Map50 = "metrics/mAP50(B)", Map = "metrics/mAP50-95(B)";

    /// <summary>The columns.</summary>
    /// <param name="losses">The keys of the distillation losses; of each its value, its weighted value and its gradient's norm are told, and the gradient of the detector's own loss.</param>
    public static IReadOnlyList<ResultColumn> Of(IReadOnlyList<string> losses)
    {
        var columns = Make();
        columns.AddRange(losses.Select(key => new ResultColumn($"train/{key}", result => Told(result.Terms, key))));
        columns.AddRange(losses.Select(key => new ResultColumn($"weighted/{key}", result => Told(result.WeightedTerms, key))));
        columns.AddRange(losses.Count == 0 ? [] : losses.Prepend(DetectionObjective.Own).Select(key => new ResultColumn($"gradient/{key}", result => Told(result.GradientNorms, key))));
        return columns;
    }

    /// <summary>What an evaluation came to, by column.</summary>
    /// <param name="score">The score.</param>
    /// <param name="box">The boxes' loss on the held-out pictures.</param>
    /// <param name="classes">The class scores' loss.</param>
    /// <param name="distribution">The distributions' loss.</param>
    public static IReadOnlyDictionary<string, double> Measures(DetectionScore score, double box, double classes, double distribution) => new Dictionary<string, double>(StringComparer.Ordinal)
    {
        [Precision] = score.Precision,
        [Recall] = score.Recall,
        [Map50] = score.Map50,
        [Map] = score.Map,
        [$"val/{Box}"] = box,
        [$"val/{Class}"] = classes,
        [$"val/{Distribution}"] = distribution,
    };

    private static double? Told(IReadOnlyDictionary<string, double> values, string key) => values.TryGetValue(key, out double value) ? value : null;

    private static List<ResultColumn> Make()
    {
        // The time is that of training and evaluation from the start: a resumed run goes on counting.
        var columns = new List<ResultColumn> { new("epoch", result => result.EpochNumber), new("time", result => result.ElapsedSeconds) };
        columns.AddRange(s_losses.Select(key => new ResultColumn($"train/{key}", result => result.Terms.TryGetValue(key, out double value) ? value : null)));
        columns.AddRange(new List<string> { Precision, Recall, Map50, Map, $"val/{Box}", $"val/{Class}", $"val/{Distribution}" }
            .Select(name => new ResultColumn(name, result => result.Measures.TryGetValue(name, out double value) ? value : null)));

        // Three groups: biases, weights that decay, scales of norms.
        columns.Add(new("lr/pg0", result => result.BiasLearningRate ?? result.LearningRate));
        columns.AddRange(s_rates.Select(name => new ResultColumn(name, result => result.LearningRate)));
        return columns;
    }
}
