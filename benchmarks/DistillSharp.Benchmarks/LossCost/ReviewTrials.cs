using DistillSharp.Losses;
using DistillSharp.Losses.Feature;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Benchmarks.LossCost;

/// <summary>The review of every stage with the deeper ones.</summary>
internal static class ReviewTrials
{
    public static IEnumerable<LossTrial> All
    {
        get
        {
            var maps = Draws.Maps();
            var x = maps with { StudentFeatures = [.. maps.StudentFeatures, Draws.Student(Draws.Samples, 64)], TeacherFeatures = [.. maps.TeacherFeatures, Draws.Teacher(Draws.Samples, 64)] };
            yield return new("reviewkd", new ReviewKdLoss(new()), x, setup => setup, loss => ByHand(loss, x));
        }
    }

    private static Func<Tensor> ByHand(DistillationLoss loss, LossInputs x)
    {
        HandConv[] reduce = [.. Stages(4).Select(i => new HandConv(loss, $"{i}.reduce.conv"))], widen = [.. Stages(4).Select(i => new HandConv(loss, $"{i}.widen.conv", kernel: 3))];
        HandNorm[] reduced = [.. Stages(4).Select(i => new HandNorm(loss, $"{i}.reduce.bn"))], widened = [.. Stages(4).Select(i => new HandNorm(loss, $"{i}.widen.bn"))];
        HandConv[] attention = [.. Stages(3).Select(i => new HandConv(loss, $"{i}.attention", bias: true))];
        return () =>
        {
            Tensor student = x.StudentFeatures[3].view(Draws.Samples, -1, 1, 1), teacher = x.TeacherFeatures[3].view(Draws.Samples, -1, 1, 1);
            var left = reduced[3].Of(reduce[3].Of(student));
            var total = Contexts(widened[3].Of(widen[3].Of(left)), teacher);
            for (int i = 2; i >= 0; i--)
            {
                (student, teacher) = (x.StudentFeatures[i], x.TeacherFeatures[i]);
                var own = reduced[i].Of(reduce[i].Of(student));
                left = interpolate(left, size: [teacher.shape[2], teacher.shape[3]], mode: InterpolationMode.Nearest);
                var shares = attention[i].Of(cat([own, left], 1)).sigmoid();
                left = own * shares.narrow(1, 0, 1) + left * shares.narrow(1, 1, 1);
                total += Contexts(widened[i].Of(widen[i].Of(left)), teacher);
            }

            return total;
        };
    }

    private static Tensor Contexts(Tensor student, Tensor teacher)
    {
        var total = mse_loss(student, teacher);
        double weight = 1, weights = 1;
        for (long size = 4; size >= 1; size /= 2)
        {
            if (size < student.shape[2])
            {
                weight /= 2;
                weights += weight;
                total += mse_loss(adaptive_avg_pool2d(student, (size, size)), adaptive_avg_pool2d(teacher, (size, size))) * weight;
            }
        }

        return total / weights;
    }

    private static IEnumerable<int> Stages(int count) => Enumerable.Range(0, count);
}
