using DistillSharp.Losses.Response;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Benchmarks.LossCost;

/// <summary>Losses of logits and hard labels.</summary>
internal static class LabelTrials
{
    private const double N = Draws.Samples;

    public static IEnumerable<LossTrial> All => [.. WithTeacher, .. Alone];

    private static IEnumerable<LossTrial> WithTeacher
    {
        get
        {
            var x = Draws.Logits();
            var (s, t, labels) = (x.StudentLogits, x.TeacherLogits, x.Labels);
            yield return new("dkd", new DkdLoss(new()), x, setup => setup, _ => () =>
            {
                var (student, teacher, index) = (s / 4, t / 4, labels.unsqueeze(1));
                var isLabel = arange(Draws.Classes).eq(index);
                var (p, q) = (softmax(student, 1).gather(1, index), softmax(teacher, 1).gather(1, index));
                var (notP, notQ) = (1 - p, 1 - q);
                var target = (q * (q.log() - p.log())) + (notQ * (notQ.log() - notP.log()));
                var othersT = log_softmax(teacher.masked_fill(isLabel, -1e9), 1);
                var others = othersT.exp() * (othersT - log_softmax(student.masked_fill(isLabel, -1e9), 1));
                return (target.sum() + (others.sum() * 8)) * (16 / N);
            });
            yield return new("nkd", new NkdLoss(new()), x, setup => setup, _ => () =>
            {
                var index = labels.unsqueeze(1);
                var isLabel = arange(Draws.Classes).eq(index);
                var target = softmax(t, 1).gather(1, index) * log_softmax(s, 1).gather(1, index);
                var others = softmax(t.masked_fill(isLabel, -1e9), 1) * log_softmax(s.masked_fill(isLabel, -1e9), 1);
                return (target.sum() + (others.sum() * 1.5)) * (-1 / N);
            });
            yield return new("wsld", new WsldLoss(new()), x, setup => setup, _ => () =>
            {
                var hardS = cross_entropy(s.detach(), labels, reduction: nn.Reduction.None);
                var hardT = cross_entropy(t, labels, reduction: nn.Reduction.None);
                var weight = 1 - (-(hardS / (hardT + 1e-7))).exp();
                return (weight * (softmax(t / 2, 1) * log_softmax(s / 2, 1)).sum(1)).sum() * (-4 / N);
            });
            yield return new("tf-kd-self", new TfKdSelfLoss(new()), x, setup => setup, _ => () =>
            {
                var teacher = log_softmax(t / 20, 1);
                var soft = (teacher.exp() * (teacher - log_softmax(s / 20, 1))).sum();
                return (cross_entropy(s, labels) * 0.1) + (soft * (0.9 * 400 / N));
            });
        }
    }

    private static IEnumerable<LossTrial> Alone
    {
        get
        {
            var x = Draws.Logits();
            var (s, labels) = (x.StudentLogits, x.Labels);
            yield return new("label-smoothing", new LabelSmoothingLoss(new()), x, setup => setup, _ => () => cross_entropy(s, labels, label_smoothing: 0.1));

            // 0.99 on the label and the rest shared, softened by 20.
            double odds = Math.Pow(0.01 / (Draws.Classes - 1) / 0.99, 1.0 / 20), onLabel = 1 / (1 + ((Draws.Classes - 1) * odds));
            yield return new("tf-kd", new TfKdLoss(new()), x, setup => setup, _ => () =>
            {
                var teacher = (one_hot(labels, Draws.Classes) * (onLabel - (odds * onLabel))) + (odds * onLabel);
                var soft = (teacher * (teacher.log() - log_softmax(s / 20, 1))).sum();
                return (cross_entropy(s, labels) * 0.9) + (soft * (0.1 / N));
            });
        }
    }
}
