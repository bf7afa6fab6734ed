using DistillSharp.Losses.Response;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Benchmarks.LossCost;

/// <summary>Losses of logits.</summary>
internal static class ResponseTrials
{
    private const double N = Draws.Samples;

    public static IEnumerable<LossTrial> All => [.. Soft, .. Mixtures, .. LabelTrials.All, Levels()];

    private static IEnumerable<LossTrial> Soft
    {
        get
        {
            var x = Draws.Logits();
            var (s, t) = (x.StudentLogits, x.TeacherLogits);
            yield return new("kd", new KdLoss(new() { Temperature = 4 }), x, setup => setup, _ => () =>
            {
                var teacher = log_softmax(t / 4, 1);
                return (teacher.exp() * (teacher - log_softmax(s / 4, 1))).sum() * (16 / N);
            });
            yield return new("soft-cross-entropy", new SoftCrossEntropyLoss(new() { Temperature = 4 }), x, setup => setup, _ => () =>
                (softmax(t / 4, 1) * log_softmax(s / 4, 1)).sum() * (-1 / N));
            yield return new("logit-mse", new LogitMseLoss(new()), x, setup => setup, _ => () => mse_loss(s, t));
            yield return new("dist", new DistLoss(new()), x, setup => setup, _ => () =>
            {
                var (p, q) = (softmax(s, 1), softmax(t, 1));
                return ((1 - Pearson(p, q, 1).mean()) * 2) + ((1 - Pearson(p, q, 0).mean()) * 2);
            });
            yield return new("sigmoid-kd", new SigmoidKdLoss(new()), x, setup => setup, _ => () =>
            {
                const double Least = 1e-8;
                var (p, q) = (s.sigmoid().clamp(Least, 1 - Least), t.sigmoid().clamp(Least, 1 - Least));
                var (notP, notQ) = (1 - p, 1 - q);
                return ((q * (q / p).log()) + (notQ * (notQ / notP).log())).sum() * (1 / N);
            });
        }
    }

    private static IEnumerable<LossTrial> Mixtures
    {
        get
        {
            var x = Draws.Logits();
            var (s, t) = (x.StudentLogits, x.TeacherLogits);
            yield return new("reverse-kl", new ReverseKlLoss(new()), x, setup => setup, _ => () =>
            {
                var student = log_softmax(s, 1);
                return (student.exp() * (student - log_softmax(t, 1))).sum() * (1 / N);
            });
            yield return new("skewed-kl", new SkewedKlLoss(new()), x, setup => setup, _ => () =>
            {
                var teacher = log_softmax(t, 1);
                var mixture = (teacher + Math.Log(0.1)).logaddexp(log_softmax(s, 1) + Math.Log(0.9));
                return (teacher.exp() * (teacher - mixture)).sum() * (1 / N);
            });
            yield return new("jsd", new JsdLoss(new()), x, setup => setup, _ => () =>
            {
                var (student, teacher) = (log_softmax(s, 1), log_softmax(t, 1));
                var mixture = (teacher + Math.Log(0.5)).logaddexp(student + Math.Log(0.5));
                return ((teacher.exp() * (teacher - mixture)) + (student.exp() * (student - mixture))).sum() * (0.5 / N);
            });
        }
    }

    private static Tensor Pearson(Tensor a, Tensor b, int dimension)
    {
        var (x, y) = (a - a.mean([dimension], keepdim: true), b - b.mean([dimension], keepdim: true));
        return (x * y).sum(dimension) / ((x.norm(dimension) * y.norm(dimension)) + 1e-8);
    }

    private static LossTrial Levels()
    {
        var x = Draws.Logits() with { StudentStrongLogits = Draws.Student(Draws.Samples, Draws.Classes), TeacherStrongLogits = Draws.Teacher(Draws.Samples, Draws.Classes) };
        return new("mlkd", new MlkdLoss(new()), x, setup => setup, _ => () =>
        {
            var sure = softmax(x.TeacherLogits, 1);
            var (highest, mass, half) = (sure.amax([1]), sure.sum(dim: 0), tensor(0.5f, ScalarType.Float32));
            var (samples, classes) = (highest <= highest.quantile(half), mass <= mass.quantile(half));
            var loss = cross_entropy(x.StudentLogits, x.Labels) + cross_entropy(x.StudentStrongLogits, x.Labels);
            foreach (double temperature in new double[] { 4, 3, 5, 2, 6 })
            {
                var weak = Compare(x.StudentLogits / temperature, x.TeacherLogits / temperature, temperature);
                var strong = Compare(x.StudentStrongLogits / temperature, x.TeacherStrongLogits / temperature, temperature);
                loss = loss + (weak.Samples * samples).sum() + (weak.Classes * classes).sum() + strong.Samples.sum() + strong.Classes.sum();
            }

            return loss;
        });
    }

    /// <summary>What a softened view's samples and classes add.</summary>
    private static (Tensor Samples, Tensor Classes) Compare(Tensor student, Tensor teacher, double temperature)
    {
        var (logP, logQ) = (log_softmax(student, 1), log_softmax(teacher, 1));
        var (p, q) = (logP.exp(), logQ.exp());
        var divergence = (q * (logQ - logP)).sum(1) * (temperature * temperature / N);
        var batch = (q.mm(q.t()) - p.mm(p.t())).square().mean([1]);
        return (divergence + batch, (q.t().mm(q) - p.t().mm(p)).square().mean([1]));
    }
}
