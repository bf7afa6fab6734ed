using DistillSharp.Graph;
using DistillSharp.Native;
using DistillSharp.Tasks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Feature;

/// <summary>Matches maps up to their scale: every channel standardised over the batch, then half the mean squared difference, which is 1 − Pearson's correlation (PKD, Cao et al., arXiv:2207.02039).</summary>
/// <param name="options">The options.</param>
[Plugin("pkd", "Pearson's correlation of each channel (arXiv:2207.02039)")]
[LossNotes(
    Formula = "½ mean (z(s) − z(t))², z(x) = (x − mean) / (deviation + 1e-6) of each channel over the batch and its pixels; summed over pairs",
    Use = "Detectors whose maps differ in size of numbers, also of different designs. Published weight 6.",
    Paper = "Cao et al., NeurIPS 2022, arXiv:2207.02039",
    Cost = "a 1x1 convolution a pair where channels differ; O(N·C·H·W)")]
public sealed class PkdLoss(PkdLossOptions options) : DistillationLoss(options)
{
    private const double Epsilon = 1e-6;

    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Features = FeatureKind.Maps };

    /// <inheritdoc/>
    protected override ModelGraph? BuildAdapter(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return ChannelAlignment.Graph(setup.Shapes, MapAlignment.WhereNeeded);
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return ChannelAlignment.Apply(Adapter, inputs).Zip(inputs.TeacherFeatures, Term).Aggregate((sum, term) => sum.Plus(term)).mul(Number.Of(0.5));
    }

    private Tensor Term(Tensor student, Tensor teacher)
    {
        if (student.shape[2] != teacher.shape[2] || student.shape[3] != teacher.shape[3])
        {
            (student, teacher) = options.Resize is PkdResize.Student ? (Resized(student, teacher), teacher) : (student, Resized(teacher, student));
        }

        return mse_loss(Standardized(student), Standardized(teacher));
    }

    private static Tensor Resized(Tensor map, Tensor like) => interpolate(map, size: [like.shape[2], like.shape[3]], mode: InterpolationMode.Bilinear, align_corners: false);

    private static Tensor Standardized(Tensor map)
    {
        var centred = map - map.mean([0, 2, 3], keepdim: true);

        // One number deviates from nothing.
        return map.shape[0] * map.shape[2] * map.shape[3] == 1 ? centred : centred.div(map.std([0, 2, 3], unbiased: true, keepdim: true).Plus(Number.Of(Epsilon)));
    }
}

/// <summary>The options of <see cref="PkdLoss"/>.</summary>
public sealed record PkdLossOptions : FeatureLossOptions
{
    /// <summary>Which map is interpolated to the other's rows and columns where they differ: <c>student</c> (default) or <c>teacher</c>.</summary>
    public PkdResize Resize { get; init; }
}

/// <summary>Which map is interpolated where sizes differ.</summary>
public enum PkdResize
{
    /// <summary>The student's.</summary>
    Student,

    /// <summary>The teacher's.</summary>
    Teacher,
}
