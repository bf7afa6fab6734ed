using DistillSharp.Losses;
using DistillSharp.Losses.Detection;
using DistillSharp.TestKit.Numerics;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses.Golden;

/// <summary>Losses of detection.</summary>
internal static class GoldenDetectionLosses
{
    public static IReadOnlyDictionary<string, Func<GoldenLossCase, GoldenLossRun>> Methods { get; } = new Dictionary<string, Func<GoldenLossCase, GoldenLossRun>>(StringComparer.Ordinal)
    {
        ["ld"] = Ld,
        ["fgd"] = Fgd,
        ["score_weighted_feature"] = ScoreWeighted,
    };

    private static GoldenLossRun Ld(GoldenLossCase one)
    {
        bool sums = one.Text("reduction", "mean") == "sum";
        var options = new LdLossOptions { Temperature = one.Number("T", 10), AverageFactor = one.Says("avg_factor") ? one.Number("avg_factor", 1) : sums ? 1 : null };
        return new(new LdLoss(options), new()
        {
            StudentLogits = one.Student("student_logits"),
            TeacherLogits = one.Tensor("teacher_logits"),
            RowWeights = one.Has("weight") ? one.Tensor("weight") : null,
        })
        {
            Factor = one.Number("loss_weight", 1),
        };
    }

    private static GoldenLossRun Fgd(GoldenLossCase one)
    {
        var options = new FgdLossOptions
        {
            Temperature = one.Number("temp", 0.5),
            Foreground = one.Number("alpha_fgd", 0.001),
            Background = one.Number("beta_fgd", 0.0005),
            Attention = one.Number("gamma_fgd", 0.001),
            Relation = one.Number("lambda_fgd", 0.000005),
        };
        var sizes = one.Arrays["img_shape"].Values.Chunk(2).Select(size => ((int)size[0], (int)size[1])).ToList();
        var boxes = new LossBoxes(one.Tensor("gt_boxes"), one.Integers("gt_image_index"), sizes);
        return new(new FgdLoss(options), new() { StudentFeatures = one.StudentList("feat"), TeacherFeatures = one.TeacherList("feat"), Boxes = boxes })
        {
            AdapterName = name => $"0.{name}",
            Further = (arrays, _) =>
            {
                var masks = new BoxMasks(boxes);
                double[] foreground = masks.Foreground((int)arrays["mask_fg"].Shape[1], (int)arrays["mask_fg"].Shape[2]);
                Assert.True(CentralDifferences.RelativeError(foreground, arrays["mask_fg"].Values) <= 1e-15);
                Assert.True(CentralDifferences.RelativeError(masks.Background(foreground), arrays["mask_bg"].Values) <= 1e-15);
            },
        };
    }

    private static GoldenLossRun ScoreWeighted(GoldenLossCase one)
    {
        var inputs = new LossInputs
        {
            StudentFeatures = one.StudentList("feat"),
            TeacherFeatures = one.TeacherList("feat"),
            TeacherScores = [.. one.Arrays.Keys.Where(name => name.StartsWith("teacher_scores", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(one.Tensor)],
        };
        return new(new ScoreWeightedLoss(new()), inputs)
        {
            Factor = one.Number("dis", 1),
            AdapterName = name => name.Replace("projector.", "", StringComparison.Ordinal),
        };
    }
}
