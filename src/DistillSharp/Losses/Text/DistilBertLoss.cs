using DistillSharp.Losses.Temperatures;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;
using Reduction = TorchSharp.torch.nn.Reduction;

namespace DistillSharp.Losses.Text;

/// <summary>
/// DistilBERT's loss of a language model (Sanh et al., arXiv:1910.01108): softened predictions of every token, the hidden words themselves, and the
/// direction of the last hidden states; each part has its factor.
/// </summary>
/// <param name="options">The options.</param>
[Plugin("distilbert", "Language models: soft labels, hidden words and hidden states (arXiv:1910.01108)")]
[LossNotes(
    Formula = "5 · T² · KL(p_t ‖ p_s) + 2 · CE(words) + (1 − cos(h_s, h_t)), means over the tokens that count; optionally words shifted by one, and Σ_c (z_s − z_t)²",
    Use = "Pre-training a language model with a teacher of the same vocabulary and width. Masked models take masked-weight, causal ones causal-weight.",
    Paper = "Sanh, Debut, Chaumond, Wolf, 2019, arXiv:1910.01108",
    Cost = "O(N·L·vocabulary)")]
public sealed class DistilBertLoss(DistilBertLossOptions options) : DistillationLoss(options)
{
    // What libtorch's cross-entropy skips.
    private const long NoLabel = -100;

    private readonly Softness _softness = new(options.Temperature);

    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Logits | (ReadsLabels(options) ? LossInput.Labels : 0) | (options.CosineWeight > 0 ? LossInput.Features : 0))
    {
        Optional = LossInput.Mask,
        Features = options.CosineWeight > 0 ? FeatureKind.Tokens : FeatureKind.None,
        MostFeatures = 1,
        EqualWidths = true,
    };

    /// <inheritdoc/>
    public override LossAgreement Agreement => options.MaskedWeight > 0 || options.CausalWeight > 0 ? LossAgreement.Open : LossAgreement.Zero;

    /// <inheritdoc/>
    public override double Temperature => options.Temperature;

    /// <inheritdoc/>
    protected override void CheckShapes(LossShapes shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        if (shapes.StudentLogits!.Count != 3)
        {
            throw new ArgumentException($"DistilBertLoss compares logits of every token [N, L, vocabulary], but the student gave {LossShapes.Text(shapes.StudentLogits)} and the teacher {LossShapes.Text(shapes.TeacherLogits)}. Take language models.");
        }

        if (options.CosineWeight > 0 && (shapes.StudentFeatures[0].Count != 3 || !shapes.StudentFeatures[0].SequenceEqual(shapes.TeacherFeatures[0])))
        {
            throw new ArgumentException(
                $"DistilBertLoss compares hidden states of one shape [N, L, D], but the student gave {LossShapes.Text(shapes.StudentFeatures[0])} and the teacher {LossShapes.Text(shapes.TeacherFeatures[0])}. Tap the last layer of each, or set cosine-weight to 0.");
        }
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var (student, teacher) = (inputs.StudentLogits, inputs.TeacherLogits);
        var mask = options.OnlyLabelled ? inputs.Labels.ge(Number.Of(0L)) : inputs.Mask;
        var parts = new List<Tensor>();
        if (options.SoftWeight > 0)
        {
            var logTeacher = log_softmax(_softness.Soften(teacher), dim: -1);
            var divergence = (logTeacher.exp() * (logTeacher - log_softmax(_softness.Soften(student), dim: -1))).sum(-1);
            parts.Add(_softness.Rescale(TokenMask.Mean(divergence, mask), options.SoftWeight));
        }

        if (options.MaskedWeight > 0)
        {
            parts.Add(Words(student, inputs.Labels).mul(Number.Of(options.MaskedWeight)));
        }

        if (options.CausalWeight > 0)
        {
            // Every token is told by those before it.
            long next = student.shape[1] - 1;
            parts.Add(Words(student.narrow(1, 0, next), inputs.Labels.narrow(1, 1, next)).mul(Number.Of(options.CausalWeight)));
        }

        if (options.LogitWeight > 0)
        {
            parts.Add(TokenMask.Mean((student - teacher).Squared().sum(-1), mask).mul(Number.Of(options.LogitWeight)));
        }

        if (options.CosineWeight > 0)
        {
            parts.Add(TokenMask.Mean(HiddenCosineLoss.Distance(inputs.StudentFeatures[0], inputs.TeacherFeatures[0]), inputs.Mask).mul(Number.Of(options.CosineWeight)));
        }

        return parts.Count == 0 ? student.sum().mul(Number.Of(0.0)) : parts.Aggregate((a, b) => a.Plus(b));
    }

    private static bool ReadsLabels(DistilBertLossOptions options) => options.MaskedWeight > 0 || options.CausalWeight > 0 || options.OnlyLabelled;

    /// <summary>The mean cross-entropy of the tokens that have a label; 0 where none has.</summary>
    private static Tensor Words(Tensor logits, Tensor labels)
    {
        var without = labels.lt(Number.Of(0L));
        var targets = labels.masked_fill(without, Number.Of(NoLabel)).reshape(-1);
        var sum = cross_entropy(logits.reshape(-1, logits.shape[^1]), targets, ignore_index: NoLabel, reduction: Reduction.Sum);
        return sum.div(without.logical_not().sum().clamp_min(Number.Of(1L)));
    }
}

/// <summary>The options of <see cref="DistilBertLoss"/>. The defaults are those DistilBERT was trained with.</summary>
public sealed record DistilBertLossOptions : FeatureLossOptions
{
    private const string Factor = "A factor must be 0 or more; 0 to 5 in practice.";

    /// <summary>The softmax temperature, above 0; 1 to 20 in practice. Default 2.</summary>
    public double Temperature
    {
        get;
        init => field = AboveZero(value, "The temperature must be above 0; 1 to 20 in practice.");
    } = 2;

    /// <summary>The factor of softened predictions, 0 or more. Default 5.</summary>
    public double SoftWeight
    {
        get;
        init => field = AtLeastZero(value, Factor);
    } = 5;

    /// <summary>The factor of the labels' cross-entropy at their own tokens, for masked models, 0 or more. Default 2.</summary>
    public double MaskedWeight
    {
        get;
        init => field = AtLeastZero(value, Factor);
    } = 2;

    /// <summary>The factor of the labels' cross-entropy one token earlier, for causal models, 0 or more. Default 0.</summary>
    public double CausalWeight
    {
        get;
        init => field = AtLeastZero(value, Factor);
    }

    /// <summary>The factor of the logits' squared difference, summed over the vocabulary, 0 or more. Default 0.</summary>
    public double LogitWeight
    {
        get;
        init => field = AtLeastZero(value, Factor);
    }

    /// <summary>The factor of one minus the cosine of hidden states, 0 or more. Default 1.</summary>
    public double CosineWeight
    {
        get;
        init => field = AtLeastZero(value, Factor);
    } = 1;

    /// <summary>Whether softened predictions and logits are compared at labelled tokens only, instead of at all that the mask keeps. Default no.</summary>
    public bool OnlyLabelled { get; init; }
}
