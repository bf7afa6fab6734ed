using DistillSharp.Graph;
using DistillSharp.Losses.Response;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Feature;

/// <summary>Matches where each channel looks: its pixels softened to a distribution, by KL divergence (channel-wise distillation, Shu et al., arXiv:2011.13256).</summary>
/// <param name="options">The options.</param>
[Plugin("cwd", "Where each channel looks, as a distribution over pixels (arXiv:2011.13256)")]
[LossNotes(
    Formula = "T² · mean over samples and channels of KL(softmax(t / T) ‖ softmax(s / T)), the softmax over pixels; summed over pairs",
    Use = "Dense prediction: detection and segmentation. Published weight 50 on the last map of a segmenter, 3 on its scores.",
    Paper = "Shu et al., ICCV 2021, arXiv:2011.13256; the alignment by convolution and normalisation is an option",
    Cost = "a 1x1 convolution a pair where channels differ; O(N·C·H·W)")]
public sealed class CwdLoss(CwdLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Features = FeatureKind.Maps, EqualSizes = true };

    /// <inheritdoc/>
    public override LossAgreement Agreement => options.Align is MapAlignment.WhereNeeded ? LossAgreement.Zero : LossAgreement.Open;

    /// <inheritdoc/>
    protected override ModelGraph? BuildAdapter(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return ChannelAlignment.Graph(setup.Shapes, options.Align);
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var total = ChannelAlignment.Apply(Adapter, inputs)
            .Zip(inputs.TeacherFeatures, (student, teacher) => Divergence(Soften(student), Soften(teacher)))
            .Aggregate((sum, term) => sum.Plus(term));
        return options.Temperature == 1 ? total : total.mul(Number.Of(options.Temperature * options.Temperature));
    }

    /// <summary>
    /// The mean over channels of KL(teacher ‖ student). Maps are large (a detector's at 640 some 20 MB), so every pass over memory counts: the inner product needs no product in memory, and
    /// student minus teacher spares the gradient's sign change. Where models nearly agree, terms of both signs leave float32's value a
    /// few digits; the gradient does not come from it.
    /// </summary>
    private static Tensor Divergence(Tensor student, Tensor teacher)
    {
        var logTeacher = log_softmax(teacher, dim: -1);
        var excess = log_softmax(student, dim: -1) - logTeacher;
        return logTeacher.exp().flatten().dot(excess.flatten()).div(Number.Of(-KdLoss.Rows(student)));
    }

    private Tensor Soften(Tensor map)
    {
        var pixels = map.flatten(2);
        return options.Temperature == 1 ? pixels : pixels.div(Number.Of(options.Temperature));
    }
}

/// <summary>The options of <see cref="CwdLoss"/>.</summary>
public sealed record CwdLossOptions : FeatureLossOptions
{
    /// <summary>The temperature pixels are softened by, above 0; 1 to 5 in practice. Default 4, the paper's; distillers of YOLO take 1.</summary>
    public double Temperature
    {
        get;
        init => field = AboveZero(value, "The temperature must be above 0; 1 to 5 in practice.");
    } = 4;

    /// <summary>How the student's maps get the teacher's channels: <c>where-needed</c> (default), <c>conv</c>, or <c>conv-norm</c> as distillers of YOLO do.</summary>
    public MapAlignment Align { get; init; }
}
