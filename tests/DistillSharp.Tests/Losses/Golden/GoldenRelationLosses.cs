using DistillSharp.Losses;
using DistillSharp.Losses.Relation;
using DistillSharp.TestKit.Numerics;
using TorchSharp;

namespace DistillSharp.Tests.Losses.Golden;

/// <summary>Losses of a batch's samples and each other.</summary>
internal static class GoldenRelationLosses
{
    public static IReadOnlyDictionary<string, Func<GoldenLossCase, GoldenLossRun>> Methods { get; } = new Dictionary<string, Func<GoldenLossCase, GoldenLossRun>>(StringComparer.Ordinal)
    {
        ["sp"] = one => new(new SpLoss(new()), Features(one)),
        ["sp_l1"] = one => new(new SpLoss(new() { Norm = SpNorm.L1 }), Features(one)) { Factor = OfBatch(one) },
        ["rkd"] = one => Rkd(one, normalize: false),
        ["rkd_l2norm"] = one => Rkd(one, normalize: true),
        ["pkt"] = one => new(new PktLoss(new() { Epsilon = one.Number("eps", 1e-7) }), Features(one)),
        ["cc"] = one => new(new CcLoss(new() { Convention = CcConvention.Consecutive, Width = Width(one) }), Features(one)) { AdapterName = Embedding },
        ["cc_kernel"] = Kernel,
        ["crd"] = Crd,
    };

    private static LossInputs Features(GoldenLossCase one) => new() { StudentFeatures = one.StudentList("feat"), TeacherFeatures = one.TeacherList("feat") };

    /// <summary>Sums that the reference did not divide by the batch's square.</summary>
    private static double OfBatch(GoldenLossCase one) => one.Text("reduction", "batchmean") == "batchmean" ? 1 : Math.Pow(one.Arrays["student_feat_0"].Shape[0], 2);

    private static int Width(GoldenLossCase one) => (int)one.Arrays["weight_embed_s_linear_weight"].Shape[0];

    private static string Embedding(string name) =>
        name.Replace("embed_s.linear.", "0.student.", StringComparison.Ordinal).Replace("embed_t.linear.", "0.teacher.", StringComparison.Ordinal);

    private static GoldenLossRun Rkd(GoldenLossCase one, bool normalize)
    {
        var options = new RkdLossOptions { DistanceWeight = one.Number("w_d", 25), AngleWeight = one.Number("w_a", 50), Normalize = one.Flag("with_l2_norm", normalize) };
        return new(new RkdLoss(options), Features(one));
    }

    private static GoldenLossRun Kernel(GoldenLossCase one)
    {
        var kernel = one.Hyper("kernel");
        var options = new CcLossOptions { Normalize = false, Kernel = kernel.GetProperty("type").GetString() == "gaussian" ? CcKernel.Gaussian : CcKernel.Bilinear };
        options = kernel.TryGetProperty("gamma", out var gamma) ? options with { Gamma = gamma.GetDouble() } : options;
        options = kernel.TryGetProperty("max_p", out var terms) ? options with { Terms = terms.GetInt32() } : options;
        return new(new CcLoss(options), Features(one)) { Factor = OfBatch(one) };
    }

    private static GoldenLossRun Crd(GoldenLossCase one)
    {
        var loss = new CrdLoss(new() { Width = Width(one), Temperature = one.Number("nce_t", 0.07), Momentum = one.Number("nce_m", 0.5), Negatives = (int)one.Number("nce_k", 16384) });
        int samples = (int)one.Number("n_data", one.Arrays["memory_v1"].Shape[0]);
        return new(loss, Features(one) with { Indices = one.Integers("idx"), Contrast = one.Integers("contrast_idx") })
        {
            AdapterName = Embedding,
            Setup = setup => setup with { SampleLabels = [.. Enumerable.Range(0, samples)] },
            Prepared = () =>
            {
                Put(loss, "memory.student", one.Tensor("memory_v1"));
                Put(loss, "memory.teacher", one.Tensor("memory_v2"));
                Put(loss, "normalization", one.Tensor("z"));
            },
            Further = (expected, allowed) =>
            {
                foreach (var (name, array) in new[] { ("memory.student", "memory_v1_after"), ("memory.teacher", "memory_v2_after"), ("normalization", "z_after") })
                {
                    double[] found = [.. loss.State[name].to(torch.ScalarType.Float64).reshape(-1).data<double>()];
                    double error = CentralDifferences.RelativeError(found, [.. expected[array].Values]);
                    Assert.True(error <= allowed, $"{one.File}: {name} is off by {error}");
                }
            },
        };
    }

    private static void Put(CrdLoss loss, string name, torch.Tensor value)
    {
        using var guard = torch.no_grad();
        loss.State[name].copy_(value);
    }
}
