using DistillSharp.Losses;
using DistillSharp.Losses.Feature;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Benchmarks.LossCost;

/// <summary>Factors: what a translator and a paraphraser make of the last maps.</summary>
internal static class FactorTrials
{
    private static readonly long[] s_one = [1, 1];
    private static readonly int[] s_convs = [0, 3, 6], s_norms = [1, 4, 7];

    public static IEnumerable<LossTrial> All
    {
        get
        {
            var x = Draws.Last(Draws.Maps());
            yield return new("ft", new FtLoss(new()), x, setup => setup, loss => ByHand((FtLoss)loss, x.StudentFeatures[0], x.TeacherFeatures[0]));
        }
    }

    private static Func<Tensor> ByHand(FtLoss loss, Tensor student, Tensor teacher)
    {
        HandConv[] convs = [.. s_convs.Select(i => new HandConv(loss, $"0.encoder.{i}", bias: true, kernel: 3))];
        HandNorm[] norms = [.. s_norms.Select(i => new HandNorm(loss, $"0.encoder.{i}"))];
        var paraphraser = loss.Paraphrasers[0].Encoder;
        Tensor[] weights = [.. s_convs.Select(i => Draws.Weight(paraphraser, $"0.encoder.{i}.weight").detach())], biases = [.. s_convs.Select(i => Draws.Weight(paraphraser, $"0.encoder.{i}.bias").detach())];
        return () =>
        {
            Tensor s = student, t = teacher;
            for (int i = 0; i < 3; i++)
            {
                s = leaky_relu(norms[i].Of(convs[i].Of(s)), 0.1);
                t = leaky_relu(conv2d(t, weights[i], biases[i], s_one, s_one, s_one, 1), 0.1);
            }

            return l1_loss(normalize(s.flatten(1)), normalize(t.flatten(1)));
        };
    }
}
