using System.Text.RegularExpressions;
using DistillSharp.Losses;
using DistillSharp.Losses.Feature;
using TorchSharp;

namespace DistillSharp.Tests.Losses.Golden;

/// <summary>Losses of maps at several stages, and of embeddings number by number.</summary>
internal static partial class GoldenMapLosses
{
    public static IReadOnlyDictionary<string, Func<GoldenLossCase, GoldenLossRun>> Methods { get; } = new Dictionary<string, Func<GoldenLossCase, GoldenLossRun>>(StringComparer.Ordinal)
    {
        ["reviewkd"] = ReviewKd,
        ["reviewkd_hcl"] = one => new(new ReviewKdLoss(new() { Fusion = false }), Features(one)),
        ["cwd"] = one => Cwd(one, one.Number("T", 4), MapAlignment.WhereNeeded),
        ["cwd_yolo"] = one => Cwd(one, one.Number("tau", 1), MapAlignment.ConvNorm),
        ["mgd"] = one => Mgd(one, new() { Alpha = one.Number("alpha", 2e-5), Lambda = one.Number("lambda_mgd", 0.65) }),
        ["mgd_cls"] = one => Mgd(one, new() { Alpha = one.Number("alpha", 7e-5), Lambda = one.Number("lambda_mgd", 0.15), Mask = MgdMask.Channel }),
        ["mgd_yolo"] = one => Mgd(one, new() { Alpha = one.Number("alpha", 2e-5), Lambda = one.Number("lambda_mgd", 0.65), NormalizeTeacher = true }),
        ["pkd"] = one => new(new PkdLoss(new() { Resize = one.Flag("resize_stu", true) ? PkdResize.Student : PkdResize.Teacher }), Features(one)) { Factor = one.Number("loss_weight", 1) },
        ["pad_l2"] = PadL2,
        ["cosine_feature"] = one => new(new CosineLoss(new()), Features(one))
        {
            Factor = one.Number("dis", 1),
            AdapterName = name => Numbered().Replace(name, "$1.align."),
        },
    };

    private static LossInputs Features(GoldenLossCase one) => new() { StudentFeatures = one.StudentList("feat"), TeacherFeatures = one.TeacherList("feat") };

    private static GoldenLossRun Cwd(GoldenLossCase one, double temperature, MapAlignment align) => new(new CwdLoss(new() { Temperature = temperature, Align = align }), Features(one))
    {
        Factor = one.Number("loss_weight", 1),
        AdapterName = name => LayerOfNumbered().Replace(name, "$1.align."),
    };

    private static GoldenLossRun Mgd(GoldenLossCase one, MgdLossOptions options)
    {
        IReadOnlyList<torch.Tensor> drawn = one.Has("mask_uniform") ? [one.Tensor("mask_uniform")] : [.. one.Numbered("mask_uniform").Select(one.Tensor)];
        return new(new MgdLoss(options), Features(one) with { Uniform = drawn })
        {
            Factor = one.Number("loss_weight", 1),
            AdapterName = name => Generation().Replace(Pairless().Replace(name, "0.$1."), "$1.generation."),
        };
    }

    private static GoldenLossRun PadL2(GoldenLossCase one) => new(new PadL2Loss(new() { Epsilon = one.Number("eps", 1e-6) }), Features(one))
    {
        Factor = one.Text("reduction", "mean") == "mean" ? 1 : one.Arrays["student_feat_0"].Shape[0],
        AdapterName = name => name.Replace("var_estimator.0.", "0.linear.", StringComparison.Ordinal).Replace("var_estimator.1.", "0.bn.", StringComparison.Ordinal),
    };

    private static GoldenLossRun ReviewKd(GoldenLossCase one)
    {
        var inputs = Features(one);
        if (one.Has("student_pooled"))
        {
            inputs = inputs with { StudentFeatures = [.. inputs.StudentFeatures, one.Student("student_pooled")], TeacherFeatures = [.. inputs.TeacherFeatures, one.Tensor("teacher_pooled")] };
        }

        // The reference counts from the deepest stage.
        int last = inputs.StudentFeatures.Count - 1;
        return new(new ReviewKdLoss(new()), inputs)
        {
            Factor = one.Number("kd_weight", 1) * Math.Min(one.Number("epoch", 1) / one.Number("warmup_epochs", 1), 1),
            AdapterName = name => Stage().Replace(name, match => $"{last - int.Parse(match.Groups[1].Value)}.")
                .Replace("conv1.0.", "reduce.conv.", StringComparison.Ordinal)
                .Replace("conv1.1.", "reduce.bn.", StringComparison.Ordinal)
                .Replace("conv2.0.", "widen.conv.", StringComparison.Ordinal)
                .Replace("conv2.1.", "widen.bn.", StringComparison.Ordinal)
                .Replace("att_conv.0.", "attention.", StringComparison.Ordinal),
        };
    }

    [GeneratedRegex(@"^\w+\.(\d+)\.")]
    private static partial Regex Numbered();

    [GeneratedRegex(@"^\w+\.(\d+)\.0\.")]
    private static partial Regex LayerOfNumbered();

    [GeneratedRegex(@"^feature_loss\.generation\.(\d+)\.")]
    private static partial Regex Generation();

    [GeneratedRegex(@"^(align|generation)\.")]
    private static partial Regex Pairless();

    [GeneratedRegex(@"^abfs\.(\d+)\.")]
    private static partial Regex Stage();
}
