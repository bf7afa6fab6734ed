using DistillSharp.Graph;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Feature;

/// <summary>
/// Matches the direction of the channels at every pixel: 1 − cosine, through a linear projection where the channels differ. The projection is the learned regressor of
/// FitNets (Romero et al., arXiv:1412.6550); the rest follows from the formula.
/// </summary>
/// <param name="options">The options.</param>
[Plugin("cosine", "The direction of the channels at every pixel: 1 - cosine")]
[LossNotes(
    Formula = "mean over samples and pixels of 1 − cos(p(s), t); p: linear over channels where they differ; summed over pairs",
    Use = "Maps whose size of numbers means nothing: normalised or quantised models, detectors of different designs.",
    Paper = "none; written from the formula. The learned projection: Romero et al., ICLR 2015, arXiv:1412.6550",
    Cost = "a 1x1 convolution a pair where channels differ; O(N·C·H·W)")]
public sealed class CosineLoss(CosineLossOptions options) : DistillationLoss(options)
{
    /// <summary>Pixels shorter than this have no direction.</summary>
    private const double Shortest = 1e-8;

    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Features = FeatureKind.Maps, EqualSizes = true };

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
        var projected = ChannelAlignment.Apply(Adapter, inputs);
        var total = Apart(projected[0], inputs.TeacherFeatures[0]);
        for (int i = 1; i < projected.Count; i++)
        {
            total = total.Plus(Apart(projected[i], inputs.TeacherFeatures[i]));
        }

        return total;
    }

    /// <summary>1 − the mean cosine of two maps <c>[N, C, H, W]</c>, a cosine for each sample and pixel.</summary>
    private static Tensor Apart(Tensor student, Tensor teacher)
    {
        Tensor s = normalize(student, p: 2, dim: 1, eps: Shortest), t = normalize(teacher, p: 2, dim: 1, eps: Shortest);
        var cosines = s.mul(t).sum(1);
        return cosines.mean().neg().Plus(Number.Of(1.0));
    }
}

/// <summary>The options of <see cref="CosineLoss"/>.</summary>
public sealed record CosineLossOptions : FeatureLossOptions;
