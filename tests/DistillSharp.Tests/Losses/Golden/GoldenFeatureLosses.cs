using DistillSharp.Losses;
using DistillSharp.Losses.Feature;

namespace DistillSharp.Tests.Losses.Golden;

/// <summary>Losses of features.</summary>
internal static class GoldenFeatureLosses
{
    public static IReadOnlyDictionary<string, Func<GoldenLossCase, GoldenLossRun>> Methods { get; } = new Dictionary<string, Func<GoldenLossCase, GoldenLossRun>>(StringComparer.Ordinal)
    {
        ["fitnet_hint"] = one => new(new FitNetLoss(new()), Maps(one)) { AdapterName = name => name.Replace("reg.", "0.", StringComparison.Ordinal) },
        ["at"] = one => new(new AtLoss(new() { Convention = AtConvention.Code, Power = Whole(one, "p", 2) }), Maps(one)),
        ["at_paper"] = one => new(new AtLoss(new() { PairWeights = Numbers(one, "stage_weights") }), Maps(one)),
        ["fsp"] = one => new(new FspLoss(new()), Maps(one)),
        ["fsp_max"] = one => new(new FspLoss(new() { Convention = FspConvention.Torchdistill, Pairs = Pairs(one), PairWeights = Numbers(one, "pair_weights") }), Maps(one)),
        ["nst"] = one => new(new NstLoss(new()), Maps(one)),
        ["ft"] = GoldenFactorTransfer.ChannelMean,
        ["ft_flat"] = GoldenFactorTransfer.Flat,
        ["ab"] = one => new(new AbLoss(new() { Margin = one.Number("margin", 1) }), Maps(one)),
        ["ofd"] = one => new(new OfdLoss(new() { Divisor = one.Number("divisor", 1000) }), Maps(one))
        {
            Setup = setup => setup with { TeacherNorms = GoldenTeachers.Norms(one) },
            AdapterName = Connector,
            Further = (_, _) => GoldenTeachers.MarginsAgree(one),
        },
        ["ofd_mdistiller"] = one => new(new OfdLoss(new() { Convention = OfdConvention.Mdistiller, ConnectorKernel = Whole(one, "connector_kernel", 1) }), Maps(one))
        {
            Setup = setup => setup with { TeacherNorms = GoldenTeachers.Norms(one) },
            AdapterName = Connector,
            Further = (_, _) => GoldenTeachers.MarginsAgree(one),
        },
        ["vid"] = one => new(new VidLoss(new() { InitialVariance = one.Number("init_pred_var", 5), Epsilon = one.Number("eps", 1e-5), MidWidth = MidWidth(one) }), Maps(one)) { AdapterName = name => $"0.{name}" },
        ["simkd"] = SimKd,
        ["srrl"] = one => Srrl(one, SrrlConvention.Paper, "conv"),
        ["srrl_pooled"] = one => Srrl(one, SrrlConvention.Pooled, "linear"),
    };

    /// <summary>What the stored weights say; null for the teacher's channels.</summary>
    private static int? MidWidth(GoldenLossCase one) => one.Has("weight_regressor_0_weight") ? (int)one.Arrays["weight_regressor_0_weight"].Shape[0] : null;

    public static LossInputs Maps(GoldenLossCase one) => new() { StudentFeatures = one.StudentList("feat"), TeacherFeatures = one.TeacherList("feat") };

    public static int Whole(GoldenLossCase one, string name, int otherwise) => (int)one.Number(name, otherwise);

    private static GoldenLossRun SimKd(GoldenLossCase one)
    {
        var loss = new SimKdLoss(new() { Factor = Whole(one, "factor", 2) });
        return new(loss, Maps(one))
        {
            Setup = setup => setup with { TeacherClassifier = GoldenTeachers.Classifier(one) },
            AdapterName = name => name.StartsWith("transfer.", StringComparison.Ordinal) ? name : null,
            Further = (_, allowed) => GoldenTeachers.PredictionsAgree(one, loss, allowed),
        };
    }

    private static GoldenLossRun Srrl(GoldenLossCase one, SrrlConvention convention, string layer) =>
        new(new SrrlLoss(new() { Convention = convention, LogitWeight = one.Number("weight", 1) }), Maps(one) with { TeacherLogits = one.Tensor("teacher_logits") })
        {
            Setup = setup => setup with { TeacherClassifier = GoldenTeachers.Classifier(one) },
            AdapterName = name => name.Split('.') is ["teacher_classifier", ..] ? null : name.Split('.') is [_, var place, var leaf] ? $"connector.{(place == "0" ? layer : "bn")}.{leaf}" : name,
        };

    /// <summary><c>connector.I.0.weight</c> is the convolution of pair I, <c>connector.I.1.weight</c> its normalisation.</summary>
    private static string? Connector(string name) => name.Split('.') is [.., var pair, var place, var leaf] ? $"{pair}.{(place == "0" ? "conv" : "bn")}.{leaf}" : name;

    private static IReadOnlyList<double> Numbers(GoldenLossCase one, string name) => one.Says(name) ? [.. one.Hyper(name).EnumerateArray().Select(number => number.GetDouble())] : [];

    private static IReadOnlyList<string> Pairs(GoldenLossCase one) => one.Says("pairs") ? [.. one.Hyper("pairs").EnumerateArray().Select(pair => $"{pair[0].GetInt32()}-{pair[1].GetInt32()}")] : [];
}
