using DistillSharp.Native;
using DistillSharp.Tasks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Response;

/// <summary>Several labels a picture: the KL divergence of each class's yes or no, as the logit part of L2D (Yang et al., arXiv:2308.06453).</summary>
/// <param name="options">The options.</param>
[Plugin("sigmoid-kd", "Each class's yes or no by itself, for several labels a sample (arXiv:2308.06453)")]
[LossNotes(
    Formula = "mean over samples of Σ_c q log(q / p) + (1 − q) log((1 − q) / (1 − p)), p = σ(s), q = σ(t), both held to [ε, 1 − ε]",
    Use = "Multi-label classification, where classes do not exclude each other and softmax means nothing.",
    Paper = "Yang et al., ICCV 2023, arXiv:2308.06453",
    Cost = "O(N·C)")]
public sealed class SigmoidKdLoss(SigmoidKdLossOptions options) : LogitLoss(options)
{
    // Holding probabilities to [ε, 1 − ε] is holding logits to ± this, which float32 can tell apart where 1 − ε is 1.
    private readonly double _bound = Math.Log((1 - options.Epsilon) / options.Epsilon);

    /// <inheritdoc/>
    protected override Tensor Formula(Tensor student, Tensor teacher)
    {
        var sum = Divergence(Hold(student), Hold(teacher)).sum();
        return options.Reduction switch
        {
            SigmoidReduction.Samples => sum.div(Number.Of((double)student.size(0))),
            SigmoidReduction.Elements => sum.div(Number.Of((double)student.NumberOfElements)),
            _ => sum,
        };
    }

    /// <summary>KL(teacher ‖ student) of each yes or no, by the log-odds of yes: the same whichever of the two is called yes.</summary>
    private static Tensor Divergence(Tensor student, Tensor teacher)
    {
        // What the teacher holds for unlikely is called yes: its logarithm is then no difference of large numbers. With log-odds s and t,
        // KL = softplus(s) − σ(t) s − (softplus(t) − σ(t) t). Softplus and not logsigmoid, which wakes all threads for ever so few numbers.
        var unlikely = teacher.abs().neg();
        var odds = student * ones_like(teacher).copysign(teacher).neg();
        var yes = unlikely.sigmoid();
        return Softplus.Of(odds).addcmul(yes, odds, Number.Of(-1.0)).Plus(yes.mul(unlikely) - Softplus.Of(unlikely));
    }

    private Tensor Hold(Tensor logits) => logits.clamp(Number.Of(-_bound), Number.Of(_bound));
}

/// <summary>The options of <see cref="SigmoidKdLoss"/>.</summary>
public sealed record SigmoidKdLossOptions : DistillationLossOptions
{
    /// <summary>What the sum over classes and samples is divided by. Default <c>samples</c>.</summary>
    public SigmoidReduction Reduction { get; init; }

    /// <summary>How near probabilities come to 0 and 1, above 0 and below 0.5. A student beyond it gets no gradient. Default 1e-8.</summary>
    public double Epsilon
    {
        get;
        init => field = value is > 0 and < 0.5 ? value : throw new ArgumentOutOfRangeException(nameof(Epsilon), value, "How near probabilities come to 0 and 1 must be above 0 and below 0.5; 1e-8 in practice.");
    } = 1e-8;
}

/// <summary>What the sum over classes and samples is divided by.</summary>
public enum SigmoidReduction
{
    /// <summary>The samples.</summary>
    Samples,

    /// <summary>Samples times classes.</summary>
    Elements,

    /// <summary>Nothing.</summary>
    Sum,
}
