using DistillSharp.Losses;
using DistillSharp.Losses.Text;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses.Golden;

/// <summary>Losses of text models.</summary>
internal static class GoldenTextLosses
{
    // Below every score: nothing counts as masked.
    private const double NoMask = 1e30;

    public static IReadOnlyDictionary<string, Func<GoldenLossCase, GoldenLossRun>> Methods { get; } = new Dictionary<string, Func<GoldenLossCase, GoldenLossRun>>(StringComparer.Ordinal)
    {
        ["distilbert"] = DistilBert,
        ["tinybert_intermediate"] = one => new(new TinyBertLoss(new()), new()
        {
            StudentFeatures = [.. one.StudentList("att"), .. one.StudentList("rep")],
            TeacherFeatures = [.. one.TeacherList("att"), .. one.TeacherList("rep")],
        }),
        ["textbrewer_att_mse"] = one => Tokens(one, new AttentionMseLoss(new() { MaskDepth = one.Has("mask") ? NoMask : 1e-3 }), "att"),
        ["textbrewer_att_ce"] = one => Tokens(one, new AttentionCeLoss(new() { MaskDepth = one.Has("mask") ? NoMask : 1e-3 }), "att"),
        ["textbrewer_hidden_mse"] = one => Tokens(one, new HiddenMseLoss(new()), "hidden"),
        ["textbrewer_cos"] = one => Tokens(one, new HiddenCosineLoss(new()), "hidden"),
        ["textbrewer_pkd"] = one => Tokens(one, new PatientKdLoss(new()), "hidden"),
        ["textbrewer_mmd"] = one => Tokens(one, new TokenMmdLoss(new()), "hidden"),
        ["textbrewer_gram"] = one => Tokens(one, new TokenGramLoss(new()), "hidden"),
        ["minilm"] = MiniLm,
    };

    private static GoldenLossRun DistilBert(GoldenLossCase one)
    {
        var options = new DistilBertLossOptions
        {
            Temperature = one.Number("T", 2),
            SoftWeight = one.Number("alpha_ce", 0),
            MaskedWeight = one.Number("alpha_mlm", 0),
            CausalWeight = one.Number("alpha_clm", 0),
            LogitWeight = one.Number("alpha_mse", 0),
            CosineWeight = one.Number("alpha_cos", 0),
            OnlyLabelled = one.Flag("restrict_ce_to_mask", false),
        };
        var inputs = new LossInputs
        {
            StudentLogits = one.Student("student_logits"),
            TeacherLogits = one.Tensor("teacher_logits"),
            StudentFeatures = Students(one, "hidden"),
            TeacherFeatures = Teachers(one, "hidden"),
            Mask = Mask(one, "attention_mask"),
        };
        return new(new DistilBertLoss(options), one.Has("lm_labels") ? inputs with { Labels = one.Integers("lm_labels") } : inputs);
    }

    private static GoldenLossRun MiniLm(GoldenLossCase one)
    {
        var relations = one.Hyper("relations").EnumerateArray().Select(relation => relation.EnumerateArray().Select(number => number.GetDouble()).ToArray()).ToList();
        var options = new MiniLmLossOptions
        {
            RelationHeads = (int)one.Number("relation_heads", 1),
            Relations = [.. relations.Select(relation => $"{relation[0]}-{relation[1]}")],
            RelationWeights = [.. relations.Select(relation => relation[2])],
        };
        string[] parts = ["query", "key", "value"];
        return new(new MiniLmLoss(options), new()
        {
            StudentFeatures = [.. parts.Select(part => one.Student($"student_{part}"))],
            TeacherFeatures = [.. parts.Select(part => one.Tensor($"teacher_{part}"))],
            Mask = Mask(one, "attention_mask"),
        });
    }

    private static GoldenLossRun Tokens(GoldenLossCase one, DistillationLoss loss, string feature) => new(loss, new()
    {
        StudentFeatures = Students(one, feature),
        TeacherFeatures = Teachers(one, feature),
        Mask = Mask(one, "mask"),
    })
    {
        AdapterName = name => $"0.{name}",
    };

    private static IReadOnlyList<Tensor> Students(GoldenLossCase one, string feature) => one.Has($"student_{feature}") ? [one.Student($"student_{feature}")] : one.StudentList(feature);

    private static IReadOnlyList<Tensor> Teachers(GoldenLossCase one, string feature) => one.Has($"teacher_{feature}") ? [one.Tensor($"teacher_{feature}")] : one.TeacherList(feature);

    private static Tensor? Mask(GoldenLossCase one, string array) => one.Has(array) ? one.Integers(array) : null;
}
