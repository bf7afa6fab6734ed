using DistillSharp.Graph;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;

namespace DistillSharp.Losses.Feature;

/// <summary>Matches the direction of the channels at every pixel: 1 − cosine, through a linear projection where the channels differ.</summary>
/// <param name="options">The options.</param>
[Plugin("cosine", "The direction of the channels at every pixel: 1 - cosine")]
[LossNotes(
    Formula = "mean over samples and pixels of 1 − cos(p(s), t); p: linear over channels where they differ; summed over pairs",
    Use = "Maps whose size of numbers means nothing: normalised or quantised models, detectors of different designs.",
    Paper = "as Ultralytics' development code distils detectors; no paper",
    Cost = "a 1x1 convolution a pair where channels differ; O(N·C·H·W)")]
public sealed class CosineLoss(CosineLossOptions options) : DistillationLoss(options)
{
    private const double Epsilon = 1e-8;

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
        var cosines = ChannelAlignment.Apply(Adapter, inputs)
            .Zip(inputs.TeacherFeatures, (student, teacher) => (student * teacher).sum(1).div(Length(student) * Length(teacher)).mean())
            .Aggregate((sum, term) => sum + term);
        return cosines.neg().add(Number.Of((double)inputs.StudentFeatures.Count));
    }

    private static Tensor Length(Tensor map) => linalg.vector_norm(map, 2, [1]).clamp_min(Number.Of(Epsilon));
}

/// <summary>The options of <see cref="CosineLoss"/>.</summary>
public sealed record CosineLossOptions : FeatureLossOptions;
