using DistillSharp.Losses;
using DistillSharp.Losses.Response;

namespace DistillSharp.Tests.Losses.Golden;

/// <summary>Losses of logits.</summary>
internal static class GoldenResponseLosses
{
    /// <summary>What rounding a target to float32 does to the reference.</summary>
    private const double RoundedTarget = 6e-8;

    public static IReadOnlyDictionary<string, Func<GoldenLossCase, GoldenLossRun>> Methods { get; } = new Dictionary<string, Func<GoldenLossCase, GoldenLossRun>>(StringComparer.Ordinal)
    {
        ["kd"] = one => new(new KdLoss(new() { Temperature = one.Number("T", 4) }), Logits(one)),
        ["lskd_kd"] = one => new(new KdLoss(new() { Temperature = one.Number("T", 2), Standardize = true }), Logits(one)),
        ["kd_hard_soft"] = HardSoft,
        ["kd_soft_ce"] = one => SoftCrossEntropy(one, LogitAverage.Rows),
        ["tinybert_prediction"] = one => SoftCrossEntropy(one, LogitAverage.Elements),
        ["kd_logit_mse"] = one => WithTemperatures(one, temperature => new LogitMseLoss(new() { Temperature = temperature })),
        ["dkd"] = one => Dkd(one, standardize: false),
        ["lskd_dkd"] = one => Dkd(one, standardize: true),
        ["nkd"] = one => new(new NkdLoss(new() { Temperature = one.Number("T", 1), Others = one.Number("gamma", 1.5) }), Logits(one)),
        ["dist"] = Dist,
        ["dist_dense"] = Dist,
        ["mlld"] = one => Mlkd(one, standardize: false),
        ["lskd_mlkd"] = one => Mlkd(one, standardize: true),
        ["tfkd_self"] = one => new(
            new TfKdSelfLoss(new() { Soft = one.Number("alpha", 0.9), Temperature = one.Number("T", 20), Multiplier = one.Number("multiplier", 1), Average = LogitAverage.Elements }),
            Logits(one)),
        ["tfkd_reg"] = one => new(
            new TfKdLoss(new()
            {
                Soft = one.Number("alpha", 0.1),
                Temperature = one.Number("T", 20),
                Multiplier = one.Number("multiplier", 1),
                Confidence = one.Number("correct_prob", 0.99),
                Convention = TfKdConvention.Released,
            }),
            Logits(one)),
        ["label_smoothing"] = one => new(new LabelSmoothingLoss(new() { Smoothing = one.Number("alpha", 0.1), Over = SmoothedOver.Others }), Logits(one)) { ReferenceError = RoundedTarget },
        ["wsld"] = one => new(new WsldLoss(new() { Temperature = one.Number("T", 2) }), Logits(one)) { Factor = one.Number("loss_weight", one.Number("alpha", 1)) },
        ["jsd_generalized"] = one => new(
            new JsdLoss(new() { Beta = one.Number("beta", 0.5), Temperature = one.Number("T", 1), Average = one.Has("labels") ? JsdAverage.Rows : JsdAverage.Samples }),
            Tokens(one)),
        ["reverse_kl"] = one => new(new ReverseKlLoss(new()), Tokens(one)),
        ["skewed_kl"] = one => new(
            new SkewedKlLoss(new() { Skew = one.Number("lam", 0.1), Entropy = false, Direction = one.Text("direction", "forward") == "reverse" ? SkewedDirection.Reverse : SkewedDirection.Forward }),
            Tokens(one)),
        ["sigmoid_kd_multilabel"] = one => new(
            new SigmoidKdLoss(new()
            {
                Epsilon = one.Number("eps", 1e-8),
                Reduction = one.Text("reduction", "batchmean") switch { "mean" => SigmoidReduction.Elements, "sum" => SigmoidReduction.Sum, _ => SigmoidReduction.Samples },
            }),
            Logits(one)),
    };

    private static LossInputs Logits(GoldenLossCase one)
    {
        var inputs = new LossInputs { StudentLogits = one.Student("student_logits") };
        inputs = one.Has("teacher_logits") ? inputs with { TeacherLogits = one.Tensor("teacher_logits") } : inputs;
        return one.Has("labels") ? inputs with { Labels = one.Integers("labels") } : inputs;
    }

    /// <summary>The reference leaves out tokens by a label of -100, this library by a mask.</summary>
    private static LossInputs Tokens(GoldenLossCase one)
    {
        var inputs = Logits(one);
        return one.Has("labels") ? inputs with { Mask = inputs.Labels != -100 } : inputs;
    }

    /// <summary>Without a share of hard labels, the reference leaves out the factors of the soft ones too.</summary>
    private static GoldenLossRun HardSoft(GoldenLossCase one)
    {
        double temperature = one.Number("T", 4), alpha = one.Number("alpha", 0);
        if (alpha == 0 || !one.Has("labels"))
        {
            return new(new KdLoss(new() { Temperature = temperature, Scale = false }), Logits(one));
        }

        double total = alpha + one.Number("beta", 1 - alpha);
        return new(new KdLoss(new() { Temperature = temperature, Hard = alpha / total }), Logits(one)) { Factor = total };
    }

    private static GoldenLossRun SoftCrossEntropy(GoldenLossCase one, LogitAverage average) =>
        WithTemperatures(one, temperature => new SoftCrossEntropyLoss(new() { Temperature = temperature, Average = average }));

    /// <summary>Where each row has a temperature of its own, both logits are divided by it before.</summary>
    private static GoldenLossRun WithTemperatures(GoldenLossCase one, Func<double, DistillationLoss> loss)
    {
        var inputs = Logits(one);
        if (!one.Has("temperature"))
        {
            return new(loss(one.Number("T", 1)), inputs);
        }

        var temperatures = one.Tensor("temperature").unsqueeze(-1);
        return new(loss(1), inputs with { StudentLogits = inputs.StudentLogits / temperatures, TeacherLogits = inputs.TeacherLogits / temperatures });
    }

    private static GoldenLossRun Dkd(GoldenLossCase one, bool standardize) => new(
        new DkdLoss(new() { Temperature = one.Number("T", 4), Target = one.Number("alpha", 1), Others = one.Number("beta", 8), Standardize = standardize }),
        Logits(one));

    private static GoldenLossRun Dist(GoldenLossCase one) => new(
        new DistLoss(new() { Temperature = one.Number("T", one.Number("tau", 1)), Inter = one.Number("beta", 1), Intra = one.Number("gamma", 1) }),
        Logits(one));

    private static GoldenLossRun Mlkd(GoldenLossCase one, bool standardize)
    {
        var loss = new MlkdLoss(new()
        {
            Hard = one.Number("ce_weight", 1),
            Soft = one.Number("kd_weight", 1),
            Temperatures = one.Says("temperatures") ? [.. one.Hyper("temperatures").EnumerateArray().Select(temperature => temperature.GetDouble())] : [one.Number("T", 4), 3, 5, 2, 6],
            Standardize = one.Flag("logit_stand", standardize),
            Convention = MlkdConvention.Released,
        });
        return new(loss, new()
        {
            StudentLogits = one.Student("student_logits_weak"),
            TeacherLogits = one.Tensor("teacher_logits_weak"),
            StudentStrongLogits = one.Student("student_logits_strong"),
            TeacherStrongLogits = one.Tensor("teacher_logits_strong"),
            Labels = one.Integers("labels"),
        });
    }
}
