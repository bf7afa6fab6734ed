using DistillSharp.Losses.Temperatures;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Detection;

/// <summary>
/// Matches where the teacher sees each edge of a box: the softened distribution over distances that a detector regresses its edges with
/// (localisation distillation, Zheng et al., arXiv:2102.12252). One row of logits for each edge, the four of a cell one after the other.
/// </summary>
/// <param name="options">The options.</param>
[Plugin("ld", "Localisation: the softened distributions of box edges (arXiv:2102.12252)")]
[LossNotes(
    Formula = "T² · Σ over rows of w · mean over bins of p_t (log p_t − log p_s), divided by the average factor; p = softmax(z / T)",
    Use = "Detectors whose boxes are distributions (GFL, YOLO since version 8). Published: weight 0.25, T 10, rows weighted by the student's best class score, average factor 4.",
    Paper = "Zheng et al., CVPR 2022, arXiv:2102.12252",
    Cost = "O(rows·bins)")]
public sealed class LdLoss(LdLossOptions options) : TemperedLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Logits) { Logits = LogitKind.BoxSides, Optional = LossInput.RowWeights };

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs, Softness temperature)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(temperature);
        long bins = inputs.StudentLogits.shape[^1], rows = inputs.StudentLogits.NumberOfElements / bins;
        var logTeacher = log_softmax(temperature.Soften(inputs.TeacherLogits), dim: -1);
        var terms = logTeacher.exp() * (logTeacher - log_softmax(temperature.Soften(inputs.StudentLogits), dim: -1));
        if (inputs.RowWeights is { } weights)
        {
            if (weights.NumberOfElements != rows)
            {
                throw new ArgumentException($"LdLoss got weights {LossShapes.Text(weights.shape)} for logits {LossShapes.Text(inputs.StudentLogits.shape)}: give one weight for each of the {rows} rows.", nameof(inputs));
            }

            terms = terms.sum(-1).reshape(-1).dot(weights.detach().reshape(-1).to(terms.dtype));
        }

        // The mean over bins, not their sum, is the published convention. Without any row there is nothing to average.
        return temperature.Rescale(terms.sum(), 1 / (bins * (options.AverageFactor ?? Math.Max(rows, 1))));
    }
}

/// <summary>The options of <see cref="LdLoss"/>. Its temperature is 10 unless told.</summary>
public sealed record LdLossOptions : TemperedLossOptions
{
    /// <summary>The published defaults.</summary>
    public LdLossOptions() => Temperature = 10;

    /// <summary>What the weighted sum over rows is divided by, above 0: 4 in the main region, 16 in the region around it. Null (default) for the number of rows.</summary>
    public double? AverageFactor
    {
        get;
        init => field = value is null || (value > 0 && double.IsFinite(value.Value)) ? value : throw new ArgumentOutOfRangeException(nameof(AverageFactor), value, "The average factor must be above 0; 4 to 16 in practice, or none for the number of rows.");
    }
}
