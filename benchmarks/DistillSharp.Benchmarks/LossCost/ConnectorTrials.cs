using DistillSharp.Graph;
using DistillSharp.Losses;
using DistillSharp.Losses.Feature;
using static TorchSharp.torch;

namespace DistillSharp.Benchmarks.LossCost;

/// <summary>Losses of values before the activation behind connectors.</summary>
internal static class ConnectorTrials
{
    // The mean of the negative half of a standard normal distribution.
    private static readonly double s_margin = -Math.Sqrt(2 / Math.PI);

    public static IEnumerable<LossTrial> All
    {
        get
        {
            var x = Draws.Maps();
            yield return new("ofd", new OfdLoss(new()), x, setup => setup with { TeacherNorms = [Standard(16), Standard(32), Standard(64)] }, loss =>
            {
                Func<Tensor>[] pairs = [.. Enumerable.Range(0, 3).Select(i => Overhaul(loss, x, i))];
                return () => (pairs[0]() * 0.25 + pairs[1]() * 0.5 + pairs[2]()) / (Draws.Samples * 1000);
            });
        }
    }

    private static (TensorData Scale, TensorData Bias) Standard(int channels) =>
        (TensorData.Create<float>([.. Enumerable.Repeat(1f, channels)], channels), TensorData.Create<float>(new float[channels], channels));

    private static Func<Tensor> Overhaul(DistillationLoss loss, LossInputs x, int i)
    {
        Tensor s = x.StudentFeatures[i], t = x.TeacherFeatures[i];
        var conv = new HandConv(loss, $"{i}.conv");
        var norm = new HandNorm(loss, $"{i}.bn");
        var margin = full([1, t.shape[1], 1, 1], s_margin);
        return () =>
        {
            var target = maximum(t, margin);
            var difference = norm.Of(conv.Of(s)) - target;
            return where(target > 0, difference, difference.relu()).square().sum();
        };
    }
}
