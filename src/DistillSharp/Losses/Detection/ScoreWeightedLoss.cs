using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;

namespace DistillSharp.Losses.Detection;

/// <summary>
/// Matches a detector's maps where its teacher sees an object: the squared difference behind a learned projector, each cell weighted by the teacher's best class score
/// there. Weighting by that score is the idea of feature richness (Du et al., arXiv:2111.00674); the projector and the averages follow from the formula.
/// </summary>
/// <param name="options">The options.</param>
[Plugin("score-weighted", "A detector's maps, weighted by the teacher's best class score of each cell")]
[LossNotes(
    Formula = "Σ q·(r(s) − t)² / (C·Σ q), q = the sigmoid of the teacher's largest class logit in the cell, averaged over heads; r: 1x1 convolution, ReLU, 1x1 convolution; summed over levels",
    Use = "The neck of a YOLO detector, channels may differ; needs no boxes. The reference values are for a weight of 6.",
    Paper = "none; written from the formula. Weighting by the teacher's best class score: Du et al., NeurIPS 2021, arXiv:2111.00674",
    Cost = "two 1x1 convolutions a level; O(N·C·H·W)")]
public sealed class ScoreWeightedLoss(ScoreWeightedLossOptions options) : DistillationLoss(options)
{
    /// <summary>Added to a level's weights, so that one without any score stays finite.</summary>
    private const double NoScore = 1e-9;

    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features | LossInput.TeacherScores) { Features = FeatureKind.Maps, EqualSizes = true };

    /// <inheritdoc/>
    public override LossAgreement Agreement => LossAgreement.Open;

    /// <inheritdoc/>
    protected override ModelGraph BuildAdapter(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var b = new GraphBuilder("projectors");
        return b.Build([.. setup.Shapes.StudentFeatures.Zip(setup.Shapes.TeacherFeatures, (student, teacher) => (From: student[1], To: (int)teacher[1]))
            .Select((channels, level) => new GraphValue(Projector(b, level, channels.From, channels.To), ElementType.Float32, null))]);
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var teachers = inputs.TeacherFeatures;
        long[] cells = [.. teachers.Select(map => map.shape[2] * map.shape[3])];
        Check(inputs, cells.Sum());

        // The sigmoid rises, so the largest logit has the largest score. A head lists the levels' cells one level after the other.
        var scores = MeanOf(inputs.TeacherScores).amax([1]).sigmoid().split(cells, 1);
        var projected = Adapt(inputs.Step, inputs.StudentFeatures.Select((map, level) => (InputOf(level), map)));
        var total = OfLevel(projected[OutputOf(0)], teachers[0], scores[0]);
        for (int level = 1; level < cells.Length; level++)
        {
            total = total.Plus(OfLevel(projected[OutputOf(level)], teachers[level], scores[level]));
        }

        return total;
    }

    /// <summary>The weighted mean of the squared differences of two maps <c>[N, C, H, W]</c>, with weights <c>[N, H·W]</c>.</summary>
    private static Tensor OfLevel(Tensor student, Tensor teacher, Tensor score)
    {
        var errors = student.sub(teacher).Squared().sum(1).flatten(1);
        var weights = score.sum().mul(Number.Of((double)teacher.shape[1]));
        return errors.mul(score).sum().div(weights.Plus(Number.Of(NoScore)));
    }

    /// <summary>The mean of the heads' logits, <c>[N, classes, cells]</c>.</summary>
    private static Tensor MeanOf(IReadOnlyList<Tensor> heads) => heads.Count == 1 ? heads[0] : stack(heads).mean([0]);

    private static void Check(LossInputs inputs, long cells)
    {
        foreach (var head in inputs.TeacherScores)
        {
            if (head.dim() != 3 || head.shape[2] != cells || head.shape[0] != inputs.TeacherFeatures[0].shape[0])
            {
                throw new ArgumentException(
                    $"ScoreWeightedLoss got class logits {LossShapes.Text(head.shape)} for levels {string.Join(", ", inputs.TeacherFeatures.Select(feature => LossShapes.Text(feature.shape)))}: they must be [N, classes, {cells}], the levels' cells in order. Tap the levels that the head reads.",
                    nameof(inputs));
            }
        }
    }

    /// <summary>Adds a level's projector from the student's channels to the teacher's.</summary>
    /// <returns>Its output.</returns>
    private static string Projector(GraphBuilder b, int level, long from, int to)
    {
        string map = b.Input(InputOf(level), Dimension.Named(GraphBuilder.BatchSymbol), from, Dimension.Named($"height.{level}"), Dimension.Named($"width.{level}"));
        string hidden = b.Relu($"{level}.1", b.Conv($"{level}.0", map, to, kernel: 1, bias: true));
        return b.Conv(OutputOf(level), hidden, to, kernel: 1, bias: true);
    }

    private static string InputOf(int level) => $"student.{level}";

    private static string OutputOf(int level) => $"{level}.2";
}

/// <summary>The options of <see cref="ScoreWeightedLoss"/>.</summary>
public sealed record ScoreWeightedLossOptions : FeatureLossOptions;
