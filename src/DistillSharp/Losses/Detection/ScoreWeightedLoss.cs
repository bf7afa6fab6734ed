using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;

namespace DistillSharp.Losses.Detection;

/// <summary>Matches a detector's maps where its teacher sees an object: the squared difference behind a trained projector, each cell weighted by the teacher's best class score there.</summary>
/// <param name="options">The options.</param>
[Plugin("score-weighted", "A detector's maps, weighted by the teacher's best class score of each cell")]
[LossNotes(
    Formula = "Σ q·(r(s) − t)² / (C·Σ q), q = the sigmoid of the teacher's largest class logit in the cell, averaged over heads; r: 1x1 convolution, ReLU, 1x1 convolution; summed over levels",
    Use = "The neck of a YOLO detector, channels may differ; needs no boxes. Weight 6 in the published implementation.",
    Paper = "none; Ultralytics' pull request 24894",
    Cost = "two 1x1 convolutions a level; O(N·C·H·W)")]
public sealed class ScoreWeightedLoss(ScoreWeightedLossOptions options) : DistillationLoss(options)
{
    // Keeps a level without any score finite.
    private const double Epsilon = 1e-9;

    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features | LossInput.TeacherScores) { Features = FeatureKind.Maps, EqualSizes = true };

    /// <inheritdoc/>
    public override LossAgreement Agreement => LossAgreement.Open;

    /// <inheritdoc/>
    protected override ModelGraph BuildAdapter(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var b = new GraphBuilder("projectors");
        var outputs = new List<GraphValue>();
        for (int i = 0; i < setup.Shapes.StudentFeatures.Count; i++)
        {
            int channels = (int)setup.Shapes.TeacherFeatures[i][1];
            string x = b.Input($"student.{i}", Dimension.Named(GraphBuilder.BatchSymbol), setup.Shapes.StudentFeatures[i][1], Dimension.Named($"height.{i}"), Dimension.Named($"width.{i}"));
            x = b.Relu($"{i}.1", b.Conv($"{i}.0", x, channels, kernel: 1, bias: true));
            outputs.Add(new(b.Conv($"{i}.2", x, channels, kernel: 1, bias: true), ElementType.Float32, null));
        }

        return b.Build(outputs);
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var scores = Scores(inputs);
        var outputs = Adapt(inputs.Step, inputs.StudentFeatures.Select((feature, i) => ($"student.{i}", feature)));
        Tensor? total = null;
        long first = 0;
        for (int i = 0; i < inputs.TeacherFeatures.Count; i++)
        {
            var teacher = inputs.TeacherFeatures[i];
            long cells = teacher.shape[2] * teacher.shape[3];
            var score = scores.narrow(1, first, cells);
            var squares = (outputs[$"{i}.2"] - teacher).square().sum(1).flatten(1);
            var term = squares.mul(score).sum().div(score.sum().mul(Number.Of((double)teacher.shape[1])).add(Number.Of(Epsilon)));
            total = total is null ? term : total + term;
            first += cells;
        }

        return total!;
    }

    /// <summary>The best class score of every cell, <c>[N, cells]</c>, from the mean of the heads' logits.</summary>
    private static Tensor Scores(LossInputs inputs)
    {
        long cells = inputs.TeacherFeatures.Sum(feature => feature.shape[2] * feature.shape[3]);
        foreach (var head in inputs.TeacherScores)
        {
            if (head.dim() != 3 || head.shape[2] != cells || head.shape[0] != inputs.TeacherFeatures[0].shape[0])
            {
                throw new ArgumentException(
                    $"ScoreWeightedLoss got class logits {LossShapes.Text(head.shape)} for levels {string.Join(", ", inputs.TeacherFeatures.Select(feature => LossShapes.Text(feature.shape)))}: they must be [N, classes, {cells}], the levels' cells in order. Tap the levels that the head reads.",
                    nameof(inputs));
            }
        }

        var logits = inputs.TeacherScores.Count == 1 ? inputs.TeacherScores[0] : inputs.TeacherScores.Aggregate((a, b) => a + b).div(Number.Of((double)inputs.TeacherScores.Count));
        return logits.amax([1]).sigmoid();
    }
}

/// <summary>The options of <see cref="ScoreWeightedLoss"/>.</summary>
public sealed record ScoreWeightedLossOptions : FeatureLossOptions;
