using DistillSharp.Losses;
using DistillSharp.Losses.Feature;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Benchmarks.LossCost;

/// <summary>Losses that compare maps as they are: nothing is trained beside the student.</summary>
internal static class MapTrials
{
    public static IEnumerable<LossTrial> All
    {
        get
        {
            var x = Draws.Maps();
            yield return new("ab", new AbLoss(new()), x, setup => setup, _ => () => (Boundary(x, 0) * 0.25 + Boundary(x, 1) * 0.5 + Boundary(x, 2)) * (3.0 / 1000 / Draws.Samples));
            yield return new("at", new AtLoss(new()), x, setup => setup, _ => () => (Attended(x, 0) + Attended(x, 1) + Attended(x, 2)) / Draws.Samples);
            yield return new("cosine", new CosineLoss(new()), x, setup => setup, _ => () => Turned(x, 0) + Turned(x, 1) + Turned(x, 2));
            yield return new("cwd", new CwdLoss(new()), x, setup => setup, _ => () => Divergence(x, 0) + Divergence(x, 1) + Divergence(x, 2));
            yield return new("fsp", new FspLoss(new()), x, setup => setup, _ => () => FlowError(x, 0) + FlowError(x, 1));
            yield return new("nst", new NstLoss(new()), x, setup => setup, _ => () => Selectivity(x, 0) + Selectivity(x, 1) + Selectivity(x, 2));
            yield return new("pkd", new PkdLoss(new()), x, setup => setup, _ => () => (Correlation(x, 0) + Correlation(x, 1) + Correlation(x, 2)) * 0.5);
        }
    }

    private static Tensor Boundary(LossInputs x, int i)
    {
        Tensor s = x.StudentFeatures[i], t = x.TeacherFeatures[i];
        return relu(1 - where(t > 0, s, -s)).square().sum();
    }

    private static Tensor Attended(LossInputs x, int i) => linalg.vector_norm(Attention(x.StudentFeatures[i]) - Attention(x.TeacherFeatures[i]), 2, [1]).sum();

    private static Tensor Attention(Tensor map) => normalize(map.square().sum(1).flatten(1));

    private static Tensor Turned(LossInputs x, int i) => 1 - cosine_similarity(x.StudentFeatures[i], x.TeacherFeatures[i], 1).mean();

    private static Tensor Divergence(LossInputs x, int i)
    {
        Tensor s = log_softmax(x.StudentFeatures[i].flatten(2) / 4, 2), t = log_softmax(x.TeacherFeatures[i].flatten(2) / 4, 2);
        return (t.exp() * (t - s)).sum() * (16.0 / (s.shape[0] * s.shape[1]));
    }

    private static Tensor FlowError(LossInputs x, int i) => mse_loss(Flow(x.StudentFeatures[i], x.StudentFeatures[i + 1]), Flow(x.TeacherFeatures[i], x.TeacherFeatures[i + 1]));

    private static Tensor Flow(Tensor first, Tensor second)
    {
        long size = second.shape[2];
        return adaptive_avg_pool2d(first, (size, size)).flatten(2).bmm(second.flatten(2).transpose(1, 2)) / (size * size);
    }

    private static Tensor Selectivity(LossInputs x, int i)
    {
        Tensor s = normalize(x.StudentFeatures[i].flatten(2), dim: 2), t = normalize(x.TeacherFeatures[i].flatten(2), dim: 2);
        return Kernel(t, t) + Kernel(s, s) - 2 * Kernel(s, t);
    }

    private static Tensor Kernel(Tensor a, Tensor b) => a.bmm(b.transpose(1, 2)).square().mean();

    private static Tensor Correlation(LossInputs x, int i) => mse_loss(Standard(x.StudentFeatures[i]), Standard(x.TeacherFeatures[i]));

    private static Tensor Standard(Tensor map) => (map - map.mean([0, 2, 3], keepdim: true)) / (map.std([0, 2, 3], unbiased: true, keepdim: true) + 1e-6);
}
