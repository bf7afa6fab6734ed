using DistillSharp.Losses;
using DistillSharp.Losses.Feature;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Benchmarks.LossCost;

/// <summary>Losses that predict the teacher's map from the student's by convolutions.</summary>
internal static class AlignedMapTrials
{
    public static IEnumerable<LossTrial> All => [FitNet(), Mgd(), Vid()];

    private static LossTrial FitNet()
    {
        var wide = Draws.WideMaps();
        var middle = wide with { StudentFeatures = [wide.StudentFeatures[1]], TeacherFeatures = [wide.TeacherFeatures[1]] };
        Tensor s = middle.StudentFeatures[0], t = middle.TeacherFeatures[0];
        return new("fitnet", new FitNetLoss(new()), middle, setup => setup, loss =>
        {
            var conv = new HandConv(loss, "0.conv", bias: true);
            var norm = new HandNorm(loss, "0.bn");
            return () => mse_loss(relu(norm.Of(conv.Of(s))), t);
        });
    }

    private static LossTrial Mgd()
    {
        using var generator = new Generator(1);
        var maps = Draws.Last(Draws.Maps()) with { Uniform = [rand([Draws.Samples, 1, 8, 8], generator: generator)] };
        Tensor s = maps.StudentFeatures[0], t = maps.TeacherFeatures[0], uniform = maps.Uniform[0];
        return new("mgd", new MgdLoss(new()), maps, setup => setup, loss =>
        {
            HandConv first = new(loss, "0.generation.0", bias: true, kernel: 3), second = new(loss, "0.generation.2", bias: true, kernel: 3);
            return () => mse_loss(second.Of(relu(first.Of(s * (uniform <= 0.35).to(float32)))), t, nn.Reduction.Sum) * (2e-5 / Draws.Samples);
        });
    }

    private static LossTrial Vid()
    {
        var x = Draws.Maps();
        return new("vid", new VidLoss(new()), x, setup => setup, loss =>
        {
            Func<Tensor>[] pairs = [.. Enumerable.Range(0, 3).Select(i => Variational(loss, x, i))];
            return () => (pairs[0]() + pairs[1]() + pairs[2]()) * 0.5;
        });
    }

    private static Func<Tensor> Variational(DistillationLoss loss, LossInputs x, int i)
    {
        HandConv first = new(loss, $"{i}.regressor.0"), second = new(loss, $"{i}.regressor.2"), third = new(loss, $"{i}.regressor.4");
        var scale = Draws.Weight(loss, $"{i}.log_scale");
        Tensor s = x.StudentFeatures[i], t = x.TeacherFeatures[i];
        return () =>
        {
            var mean = third.Of(relu(second.Of(relu(first.Of(s)))));
            var variance = scale.softplus() + 1e-5;
            return ((mean - t).square() / variance.view(1, -1, 1, 1)).mean() + variance.log().mean();
        };
    }
}
