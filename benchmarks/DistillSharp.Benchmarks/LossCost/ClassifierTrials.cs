using DistillSharp.Graph;
using DistillSharp.Losses;
using DistillSharp.Losses.Feature;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Benchmarks.LossCost;

/// <summary>Losses at the end of the model: embeddings, and the teacher's classifier.</summary>
internal static class ClassifierTrials
{
    private const int Width = 64;

    private static readonly float[] s_weight = [.. Enumerable.Range(0, Draws.Classes * Width).Select(i => (float)Math.Sin(i) / 8)], s_bias = [.. Enumerable.Range(0, Draws.Classes).Select(i => (float)Math.Cos(i))];

    public static IEnumerable<LossTrial> All => [Pad(), SimKd(), Srrl()];

    private static LossTrial Pad()
    {
        var x = Draws.Embeddings();
        Tensor s = x.StudentFeatures[0], t = x.TeacherFeatures[0];
        return new("pad-l2", new PadL2Loss(new()), x, setup => setup, loss =>
        {
            Tensor weight = Draws.Weight(loss, "0.linear.weight"), bias = Draws.Weight(loss, "0.linear.bias");
            var norm = new HandNorm(loss, "0.bn");
            return () =>
            {
                var logVariance = norm.Of(linear(s, weight, bias));
                return ((t - s).square() / (logVariance.exp() + 1e-6) + logVariance).mean();
            };
        });
    }

    private static LossTrial SimKd()
    {
        var x = Draws.Last(Draws.Maps());
        Tensor s = x.StudentFeatures[0], t = x.TeacherFeatures[0];
        return new("simkd", new SimKdLoss(new()), x, WithClassifier, loss =>
        {
            HandConv first = new(loss, "transfer.0"), second = new(loss, "transfer.3", kernel: 3), third = new(loss, "transfer.6");
            HandNorm a = new(loss, "transfer.1"), b = new(loss, "transfer.4"), c = new(loss, "transfer.7");
            return () => mse_loss(relu(c.Of(third.Of(relu(b.Of(second.Of(relu(a.Of(first.Of(s))))))))), t);
        });
    }

    private static LossTrial Srrl()
    {
        var x = Draws.Last(Draws.Maps()) with { TeacherLogits = Draws.Teacher(Draws.Samples, Draws.Classes) };
        Tensor s = x.StudentFeatures[0], t = x.TeacherFeatures[0];
        return new("srrl", new SrrlLoss(new()), x, WithClassifier, loss =>
        {
            var conv = new HandConv(loss, "connector.conv");
            var norm = new HandNorm(loss, "connector.bn");
            Tensor weight = tensor(s_weight, [Draws.Classes, Width]), bias = tensor(s_bias, [Draws.Classes]);
            return () =>
            {
                var vector = relu(norm.Of(conv.Of(s))).mean([2, 3]);
                return mse_loss(vector, t.mean([2, 3])) + mse_loss(linear(vector, weight, bias), x.TeacherLogits);
            };
        });
    }

    private static LossSetup WithClassifier(LossSetup setup) =>
        setup with { TeacherClassifier = (TensorData.Create<float>(s_weight, Draws.Classes, Width), TensorData.Create<float>(s_bias, Draws.Classes)) };
}
