using DistillSharp.Graph;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Relation;

/// <summary>Matches how a batch's samples correlate (correlation congruence, Peng et al., arXiv:1904.01802).</summary>
/// <param name="options">The options.</param>
[Plugin("cc", "How a batch's samples correlate, by a kernel (arXiv:1904.01802)")]
[LossNotes(
    Formula = "kernel: ‖K_s − K_t‖ / N², K = exp(−2γ) Σ_p (2γ)^p / p! (e·e')^p or e·e'; consecutive: mean_i Σ_d |e_s − e_t|_i · |e_s − e_t|_i+1; summed over pairs",
    Use = "Beside kd, where batches hold several samples of a class. Published weight 0.02 in CRD's comparison (consecutive).",
    Paper = "Peng et al., ICCV 2019, arXiv:1904.01802; consecutive samples as in CRD's comparison, Tian et al., arXiv:1910.10699",
    Cost = "kernel: O(N²·D); consecutive: two linear layers, O(N·D·width)")]
public sealed class CcLoss(CcLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Features = FeatureKind.Embedding };

    /// <inheritdoc/>
    public override LossAgreement Agreement => options.Convention is CcConvention.Kernel ? LossAgreement.Kink : LossAgreement.Open;

    /// <inheritdoc/>
    protected override ModelGraph? BuildAdapter(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return options.Convention is CcConvention.Consecutive ? PairedEmbeddings.Graph(setup.Shapes, options.Width) : null;
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var terms = Adapter is null
            ? inputs.StudentFeatures.Zip(inputs.TeacherFeatures, Kernels)
            : PairedEmbeddings.Apply(Adapter, inputs).Select(pair => Consecutive(pair.Student, pair.Teacher));
        return terms.Aggregate((sum, term) => sum.Plus(term));
    }

    private Tensor Kernels(Tensor student, Tensor teacher)
    {
        double samples = student.shape[0], scale = options.Kernel is CcKernel.Bilinear ? 1 : Math.Exp(-2 * options.Gamma);
        return Norms.Of(Kernel(student) - Kernel(teacher), 2, []).mul(Number.Of(scale / (samples * samples)));
    }

    /// <summary>The kernel without what two of them share: a Gaussian's factor exp(-2 gamma) and the 1 its series begins with.</summary>
    private Tensor Kernel(Tensor features)
    {
        var rows = features.flatten(1);
        rows = options.Normalize ? normalize(rows, p: 2, dim: 1, eps: 1e-12) : rows;
        var products = rows.matmul(rows.transpose(0, 1));
        if (options.Kernel is CcKernel.Bilinear)
        {
            return products;
        }

        // Horner's rule: x (1 + x/2 (1 + x/3 ...)), x = 2 gamma e.e'.
        double rate = 2 * options.Gamma;
        var series = products.mul(Number.Of(rate / options.Terms));
        for (int p = options.Terms - 1; p >= 1; p--)
        {
            series = (products * series.Plus(Number.Of(1.0))).mul(Number.Of(rate / p));
        }

        return series;
    }

    private static Tensor Consecutive(Tensor student, Tensor teacher)
    {
        long pairs = student.shape[0] - 1;
        var difference = (student - teacher).abs();

        // One sample follows none: the sum of nothing, which keeps a gradient.
        return (difference.narrow(0, 0, pairs) * difference.narrow(0, 1, pairs)).sum().div(Number.Of((double)Math.Max(pairs, 1)));
    }
}

/// <summary>The options of <see cref="CcLoss"/>.</summary>
public sealed record CcLossOptions : FeatureLossOptions
{
    /// <summary>What is correlated: all samples by a <c>kernel</c> (default, the paper's), or <c>consecutive</c> ones of trained embeddings.</summary>
    public CcConvention Convention { get; init; }

    /// <summary>The kernel: <c>gaussian</c> (default) or <c>bilinear</c>.</summary>
    public CcKernel Kernel { get; init; }

    /// <summary>The Gaussian kernel's rate, above 0. Default 0.4.</summary>
    public double Gamma
    {
        get;
        init => field = AboveZero(value, "Gamma must be above 0; 0.4 in practice.");
    } = 0.4;

    /// <summary>The terms of the Gaussian kernel's Taylor series beyond the constant, 1 to 20. Default 2.</summary>
    public int Terms
    {
        get;
        init => field = value is >= 1 and <= 20 ? value : throw new ArgumentOutOfRangeException(nameof(Terms), value, "The Taylor series has 1 to 20 terms; 1 to 3 in practice.");
    } = 2;

    /// <summary>Whether embeddings are brought to length 1 before the kernel, which the Gaussian's series supposes. Default yes.</summary>
    public bool Normalize { get; init; } = true;

    /// <summary>The width of the trained embeddings of consecutive samples, 1 or more. Default 128.</summary>
    public int Width
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Width), value, "The width must be 1 or more; 128 in practice.");
    } = 128;
}

/// <summary>What of a batch is correlated.</summary>
public enum CcConvention
{
    /// <summary>All samples with all, by a kernel.</summary>
    Kernel,

    /// <summary>Each with the one that follows it in the batch.</summary>
    Consecutive,
}

/// <summary>How alike two embeddings are.</summary>
public enum CcKernel
{
    /// <summary>By a Gaussian of their difference, as a Taylor series of their product.</summary>
    Gaussian,

    /// <summary>By their product.</summary>
    Bilinear,
}
