using System.Globalization;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Feature;

/// <summary>Matches the flow of solution procedure: how the channels of one stage go together with those of the next (Yim et al., CVPR 2017).</summary>
/// <param name="options">The options.</param>
[Plugin("fsp", "Flow of solution procedure: channels of one stage against the next (CVPR 2017)")]
[LossNotes(
    Formula = "Σ over pairs of stages of mean (G_s − G_t)²; G = F_a F_bᵀ / (H·W), the larger map averaged to the smaller",
    Use = "Student and teacher of equal widths at each stage: a shallower student of the same family.",
    Paper = "Yim, Joo, Bae, Kim, CVPR 2017: A Gift from Knowledge Distillation; as in CRD's comparison, Tian et al., arXiv:1910.10699",
    Cost = "O(N·C²·H·W)")]
public sealed class FspLoss(FspLossOptions options) : DistillationLoss(options)
{
    private readonly (int First, int Second)[] _pairs = [.. options.Pairs.Select(FspLossOptions.Stages)];

    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Features = FeatureKind.Maps, LeastFeatures = 2, EqualWidths = true };

    /// <inheritdoc/>
    public override LossAgreement Agreement => options.Convention == FspConvention.Paper ? LossAgreement.Zero : LossAgreement.Kink;

    /// <inheritdoc/>
    protected override void CheckShapes(LossShapes shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        int stages = shapes.StudentFeatures.Count;
        foreach (var (first, second) in _pairs.Where(pair => pair.First >= stages || pair.Second >= stages))
        {
            throw new ArgumentException($"FspLoss is to pair stages {first} and {second}, but there are {stages}, counted from 0.");
        }

        FeaturePairs.Require(nameof(FspLoss), options.PairWeights, _pairs.Length == 0 ? stages - 1 : _pairs.Length);
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Tensor? total = null;
        int count = _pairs.Length == 0 ? inputs.StudentFeatures.Count - 1 : _pairs.Length;
        for (int i = 0; i < count; i++)
        {
            var (first, second) = _pairs.Length == 0 ? (i, i + 1) : _pairs[i];
            var student = Flow(inputs.StudentFeatures[first], inputs.StudentFeatures[second]);
            var teacher = Flow(inputs.TeacherFeatures[first], inputs.TeacherFeatures[second]);
            var term = options.Convention == FspConvention.Paper
                ? mse_loss(student, teacher)
                : Norms.Of(student - teacher, 2, [1]).sum().div(Number.Of((double)student.shape[0]));
            total = FeaturePairs.Add(total, term, options.PairWeights.Count == 0 ? 1 : options.PairWeights[i]);
        }

        return total!;
    }

    /// <summary>How two stages' channels go together, <c>[N, C_first, C_second]</c>.</summary>
    private Tensor Flow(Tensor first, Tensor second)
    {
        var (height, width) = MapSizes.Smaller(first, second);
        bool average = options.Convention == FspConvention.Paper;
        var a = average ? MapSizes.Average(first, height, width) : MapSizes.Largest(first, height, width);
        var b = average ? MapSizes.Average(second, height, width) : MapSizes.Largest(second, height, width);
        return a.flatten(2).bmm(b.flatten(2).transpose(1, 2)).div(Number.Of((double)(height * width)));
    }
}

/// <summary>The options of <see cref="FspLoss"/>.</summary>
public sealed record FspLossOptions : FeatureLossOptions
{
    /// <summary>Which published form. Default <c>paper</c>.</summary>
    public FspConvention Convention { get; init; }

    /// <summary>The stages that are paired, as <c>0-2</c>, counted from 0. Empty (default) is each stage with the next.</summary>
    public IReadOnlyList<string> Pairs
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Pairs));
            foreach (string pair in value)
            {
                Stages(pair);
            }

            field = value;
        }
    } = [];

    /// <summary>A weight for each pair of stages, 0 or more. Empty (default) is 1 for all.</summary>
    public IReadOnlyList<double> PairWeights
    {
        get;
        init => field = FeaturePairs.Checked(value, nameof(PairWeights));
    } = [];

    /// <summary>The two stages of a pair.</summary>
    /// <param name="pair">As <c>0-2</c>.</param>
    internal static (int First, int Second) Stages(string pair)
    {
        string[] ends = (pair ?? "").Split('-');
        return ends.Length == 2
            && int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
            && int.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out int second)
            ? (first, second)
            : throw new ArgumentException($"A pair of stages is written as 0-2, counted from 0, but this is '{pair}'.", nameof(pair));
    }
}

/// <summary>The published forms of the flow of solution procedure.</summary>
public enum FspConvention
{
    /// <summary>The larger map is averaged to the smaller; the mean of squares.</summary>
    Paper,

    /// <summary>The larger map keeps the largest of each place; norms over the first stage's channels, summed, averaged over the batch (torchdistill).</summary>
    Torchdistill,
}
