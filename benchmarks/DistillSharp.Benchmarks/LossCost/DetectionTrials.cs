using DistillSharp.Detection.Losses;
using DistillSharp.Losses;
using DistillSharp.Losses.Detection;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Benchmarks.LossCost;

/// <summary>Losses of detectors: four pictures of 320x320, levels of 40x40, 20x20 and 10x10 cells.</summary>
internal static class DetectionTrials
{
    private const int Pictures = 4, Cells = 2100, Bins = 16;

    public static IEnumerable<LossTrial> All => [FgdTrial.Create(), Ld(), ScoreWeighted(), Boxes()];

    /// <summary>The neck of a small detector and of a twice as wide one.</summary>
    public static LossInputs Necks() => new()
    {
        StudentFeatures = [Draws.Student(Pictures, 64, 40, 40), Draws.Student(Pictures, 128, 20, 20), Draws.Student(Pictures, 256, 10, 10)],
        TeacherFeatures = [Draws.Teacher(Pictures, 128, 40, 40), Draws.Teacher(Pictures, 256, 20, 20), Draws.Teacher(Pictures, 512, 10, 10)],
    };

    private static LossTrial Ld()
    {
        const int Rows = Pictures * Cells * 4;
        var x = new LossInputs { StudentLogits = Draws.Student(Rows, Bins), TeacherLogits = Draws.Teacher(Rows, Bins), RowWeights = Draws.Teacher(Rows).sigmoid() };
        return new("ld", new LdLoss(new()), x, setup => setup, _ => () =>
        {
            Tensor s = log_softmax(x.StudentLogits / 10, 1), t = log_softmax(x.TeacherLogits / 10, 1);
            return ((t.exp() * (t - s)).sum(1) * x.RowWeights!).sum() * (100.0 / Bins / Rows);
        });
    }

    /// <summary>The detector's own loss with the same soft targets: it is measured against the same by hand elsewhere.</summary>
    private static LossTrial Boxes()
    {
        const int Found = 12, Classes = 80;
        var random = new Random(1);
        float[] boxes = [.. Enumerable.Range(0, Pictures * Found).SelectMany(i => new[] { i / Found, random.Next(Classes), 0.3f + (0.4f * random.NextSingle()), 0.3f + (0.4f * random.NextSingle()), 0.1f + (0.3f * random.NextSingle()), 0.1f + (0.3f * random.NextSingle()), random.NextSingle() })];
        var x = new LossInputs
        {
            StudentMaps = [Draws.Student(Pictures, 64 + Classes, 40, 40), Draws.Student(Pictures, 64 + Classes, 20, 20), Draws.Student(Pictures, 64 + Classes, 10, 10)],
            TeacherBoxes = tensor(boxes, [Pictures * Found, 7]),
        };
        var own = new DetectionLoss(new() { Classes = Classes });
        return new("boxes", new BoxesLoss(new()), x, setup => setup, _ => () => own.Compute(x.StudentMaps, x.TeacherBoxes).Total / Pictures);
    }

    private static LossTrial ScoreWeighted()
    {
        var x = Necks() with { TeacherScores = [Draws.Teacher(Pictures, 80, Cells)] };
        return new("score-weighted", new ScoreWeightedLoss(new()), x, setup => setup, loss =>
        {
            HandConv[] first = [.. Enumerable.Range(0, 3).Select(i => new HandConv(loss, $"{i}.0", bias: true))], second = [.. Enumerable.Range(0, 3).Select(i => new HandConv(loss, $"{i}.2", bias: true))];
            return () =>
            {
                var scores = x.TeacherScores[0].amax([1]).sigmoid();
                return Level(0, scores.narrow(1, 0, 1600)) + Level(1, scores.narrow(1, 1600, 400)) + Level(2, scores.narrow(1, 2000, 100));
            };

            Tensor Level(int i, Tensor score)
            {
                var error = (second[i].Of(relu(first[i].Of(x.StudentFeatures[i]))) - x.TeacherFeatures[i]).square().sum(1);
                return (error.flatten(1) * score).sum() / (score.sum() * x.TeacherFeatures[i].shape[1]);
            }
        });
    }
}
