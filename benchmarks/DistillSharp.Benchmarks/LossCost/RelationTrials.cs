using DistillSharp.Losses.Relation;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Benchmarks.LossCost;

/// <summary>Losses of a batch's samples and each other.</summary>
internal static class RelationTrials
{
    private const double N = Draws.Samples;

    public static IEnumerable<LossTrial> All => [.. OfPairs, Contrast()];

    private static IEnumerable<LossTrial> OfPairs
    {
        get
        {
            var x = Draws.Embeddings();
            var (s, t) = (x.StudentFeatures[0], x.TeacherFeatures[0]);
            yield return new("cc", new CcLoss(new()), x, setup => setup, _ => () => (Kernel(s) - Kernel(t)).norm() * (Math.Exp(-0.8) / (N * N)));
            yield return new("pkt", new PktLoss(new()), x, setup => setup, _ => () =>
            {
                var (p, q) = (Neighbours(s), Neighbours(t));
                return (q * ((q + 1e-7) / (p + 1e-7)).log()).mean();
            });
            yield return new("rkd", new RkdLoss(new()), x, setup => setup, _ => () =>
            {
                var (distances, angles) = Geometry(s);
                var (distancesT, anglesT) = Geometry(t);
                return (smooth_l1_loss(distances, distancesT) * 25) + (smooth_l1_loss(angles, anglesT) * 50);
            });

            var maps = Draws.Last(Draws.Maps());
            yield return new("sp", new SpLoss(new()), maps, setup => setup, _ => () => mse_loss(Gram(maps.StudentFeatures[0]), Gram(maps.TeacherFeatures[0])));
        }
    }

    /// <summary>The Gaussian kernel's series to the second power, without its constant factor.</summary>
    private static Tensor Kernel(Tensor features)
    {
        var rows = normalize(features, 2, 1);
        var x = rows.mm(rows.t()) * 0.8;
        return 1 + x + (x.square() * 0.5);
    }

    private static Tensor Neighbours(Tensor features)
    {
        var rows = features / (features.norm(1, keepdim: true) + 1e-7);
        var likely = (rows.mm(rows.t()) + 1) / 2;
        return likely / likely.sum(1, keepdim: true);
    }

    /// <summary>Distances over their mean, and the cosines of angles.</summary>
    private static (Tensor Distances, Tensor Angles) Geometry(Tensor rows)
    {
        var differences = rows.unsqueeze(0) - rows.unsqueeze(1);
        var lengths = differences.norm(2);
        var directions = differences / lengths.clamp_min(1e-12).unsqueeze(2);
        return (lengths / (lengths.sum() / (N * (N - 1))), directions.bmm(directions.transpose(1, 2)));
    }

    private static Tensor Gram(Tensor maps)
    {
        var rows = maps.flatten(1);
        return normalize(rows.mm(rows.t()), 2, 1);
    }

    private static LossTrial Contrast()
    {
        const int Data = 10000, Negatives = 4096;
        var indices = arange(Draws.Samples, ScalarType.Int64) * 7;
        var contrast = cat([indices.unsqueeze(1), arange((long)Draws.Samples * Negatives, ScalarType.Int64).mul(7919).remainder(Data).reshape(Draws.Samples, Negatives)], 1);
        var x = Draws.Embeddings() with { Indices = indices, Contrast = contrast };
        return new("crd", new CrdLoss(new() { Negatives = Negatives }), x, setup => setup with { SampleLabels = [.. Enumerable.Range(0, Data).Select(i => i % 10)] }, loss =>
        {
            Tensor weightS = Draws.Weight(loss, "0.student.weight"), biasS = Draws.Weight(loss, "0.student.bias");
            Tensor weightT = Draws.Weight(loss, "0.teacher.weight"), biasT = Draws.Weight(loss, "0.teacher.bias");
            Tensor memoryS = loss.State["memory.student"].clone(), memoryT = loss.State["memory.teacher"].clone();
            double[] constants = [0, 0];
            return () =>
            {
                var s = normalize(linear(x.StudentFeatures[0], weightS, biasS), 2, 1);
                var t = normalize(linear(x.TeacherFeatures[0], weightT, biasT), 2, 1);
                var total = Side(s, memoryT, 0) + Side(t, memoryS, 1);
                using (no_grad())
                {
                    memoryS.index_copy_(0, indices, normalize((memoryS.index_select(0, indices) * 0.5) + (s * 0.5), 2, 1));
                    memoryT.index_copy_(0, indices, normalize((memoryT.index_select(0, indices) * 0.5) + (t * 0.5), 2, 1));
                }

                return total;
            };

            Tensor Side(Tensor rows, Tensor memory, int side)
            {
                // The memory moves before backward, so the product needs a copy of it.
                var likely = (rows.mm(memory.clone().t()).gather(1, contrast) / 0.07).exp();
                constants[side] = constants[side] > 0 ? constants[side] : likely.mean().ToDouble() * Data;
                const double Noise = (double)Negatives / Data;
                likely = likely / constants[side];
                var positive = likely.narrow(1, 0, 1);
                return ((positive / (positive + Noise)).log().sum() + (Noise / (likely.narrow(1, 1, Negatives) + Noise)).log().sum()) / -N;
            }
        });
    }
}
