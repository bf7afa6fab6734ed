using DistillSharp.Graph;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Feature;

/// <summary>Matches every stage of the teacher with the student's stage and all deeper ones, fused by attention, at several sizes of context (knowledge review, Chen et al., arXiv:2104.09044).</summary>
/// <param name="options">The options.</param>
[Plugin("reviewkd", "Every stage reviewed with the deeper ones, at several sizes (arXiv:2104.09044)")]
[LossNotes(
    Formula = "Σ over stages of the weighted mean of mse(pool(f(s)), pool(t)) at full size, 4x4, 2x2 and 1x1 with weights 1, ½, ¼, ⅛; f: attention-based fusion",
    Use = "Students of another design than the teacher's; among the best of features for classification. Published weight 0.6 to 8, warmed up over 20 epochs.",
    Paper = "Chen et al., CVPR 2021, arXiv:2104.09044",
    Cost = "a 1x1 and a 3x3 convolution a stage at the fused width, up to half the student's own cost; O(N·C·H·W)")]
public sealed class ReviewKdLoss(ReviewKdLossOptions options) : DistillationLoss(options)
{
    private static readonly long[] s_contexts = [4, 2, 1];

    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Features = FeatureKind.MapsAndEmbedding };

    /// <inheritdoc/>
    public override LossAgreement Agreement => options.Fusion ? LossAgreement.Open : LossAgreement.Zero;

    /// <inheritdoc/>
    protected override void CheckShapes(LossShapes shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        foreach (var (student, teacher) in shapes.StudentFeatures.Zip(shapes.TeacherFeatures))
        {
            string pair = $"the student's feature is {LossShapes.Text(student)}, the teacher's {LossShapes.Text(teacher)}";
            if (student.Count is not (2 or 4) || teacher.Count is not (2 or 4))
            {
                throw new ArgumentException($"ReviewKdLoss compares maps [N, C, H, W], and embeddings [N, D] as maps of one pixel, but {pair}. Tap the stages, shallow to deep, then what goes into the last layer.");
            }

            if (!options.Fusion && !VectorMaps.Of(student).SequenceEqual(VectorMaps.Of(teacher)))
            {
                throw new ArgumentException($"ReviewKdLoss without fusion compares features of one shape, but {pair}. Set fusion, or tap values that agree.");
            }
        }
    }

    /// <inheritdoc/>
    protected override ModelGraph? BuildAdapter(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        if (!options.Fusion)
        {
            return null;
        }

        IReadOnlyList<long>[] student = [.. setup.Shapes.StudentFeatures.Select(VectorMaps.Of)], teacher = [.. setup.Shapes.TeacherFeatures.Select(VectorMaps.Of)];
        return ReviewKdFusion.Graph(student, teacher, (int)Math.Min(options.Width, student[^1][1]));
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var students = ChannelAlignment.Apply(Adapter, inputs with { StudentFeatures = [.. inputs.StudentFeatures.Select(VectorMaps.Of)] });
        return students.Zip(inputs.TeacherFeatures, (student, teacher) => Contexts(student - VectorMaps.Of(teacher))).Aggregate((sum, term) => sum.Plus(term));
    }

    /// <summary>The hierarchical context loss of a difference: pooling is linear, so once for both.</summary>
    private static Tensor Contexts(Tensor difference)
    {
        var total = difference.Squared().mean();
        double weight = 1, weights = 1;
        foreach (long size in s_contexts)
        {
            if (size < difference.shape[2])
            {
                weight /= 2;
                weights += weight;
                total = total.Plus(adaptive_avg_pool2d(difference, [size, size]).Squared().mean().mul(Number.Of(weight)));
            }
        }

        return weights == 1 ? total : total.div(Number.Of(weights));
    }
}

/// <summary>The options of <see cref="ReviewKdLoss"/>. Taps go from shallow to deep.</summary>
public sealed record ReviewKdLossOptions : FeatureLossOptions
{
    /// <summary>Whether the student's stages are fused with the deeper ones by a trained adapter (default), or compared as they are, which needs equal shapes.</summary>
    public bool Fusion { get; init; } = true;

    /// <summary>The width that stages are fused at, 1 or more; the deepest student feature's where that is less. Default 512.</summary>
    public int Width
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Width), value, "The width must be 1 or more; 256 or 512 in practice.");
    } = 512;
}
