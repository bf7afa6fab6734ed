using DistillSharp.Native;
using DistillSharp.Tasks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Response;

/// <summary>
/// Matches probabilities on three levels, at several temperatures: each sample's, how alike samples are, and how alike classes are; on a weakly and a strongly augmented
/// view (multi-level logit distillation, Jin, Wang and Lin, CVPR 2023). Of the weak view only those samples and classes count of which the teacher is less sure than of half the others.
/// </summary>
/// <param name="options">The options.</param>
[Plugin("mlkd", "Samples, batches and classes at several temperatures (multi-level logit distillation, CVPR 2023)")]
[LossNotes(
    Formula = "h (CE(weak) + CE(strong)) + w Σ_T (T² KL + |P_t P_tᵀ − P_s P_sᵀ|² / N + |P_tᵀ P_t − P_sᵀ P_s|² / C) over both views, P = softmax(z / T)",
    Use = "Classification with strong augmentation, where the time it costs is there. Give the objective no weight, or hard: 0. Without a strong view the weak one stands in for it.",
    Paper = "Jin, Wang, Lin, CVPR 2023; standardised logits: Sun et al., CVPR 2024, arXiv:2403.01427",
    Cost = "O(N·C·(N + C)) for each temperature and view; the second view is a second forward pass of both models")]
public sealed class MlkdLoss(MlkdLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(options.Hard > 0 ? LossInput.Logits | LossInput.Labels : LossInput.Logits) { Optional = LossInput.StrongView };

    /// <inheritdoc/>
    public override LossAgreement Agreement => options.Hard > 0 ? LossAgreement.Open : LossAgreement.Zero;

    /// <inheritdoc/>
    public override double Temperature => options.Temperatures.Average();

    /// <inheritdoc/>
    protected override void CheckShapes(LossShapes shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        if (shapes.StudentLogits is { Count: not 2 })
        {
            throw new ArgumentException($"MlkdLoss compares the samples of a batch, so it needs logits [N, C], but the student gave {LossShapes.Text(shapes.StudentLogits)} and the teacher {LossShapes.Text(shapes.TeacherLogits)}. Take kd for dense logits.");
        }
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var weak = new LogitView(inputs.StudentLogits, inputs.TeacherLogits, options.Standardize);
        var strong = inputs.HasStrongView ? new LogitView(inputs.StudentStrongLogits, inputs.TeacherStrongLogits, options.Standardize) : weak;
        var (samples, classes) = Unsure(weak.Teacher);
        var loss = (options.Convention == MlkdConvention.Released ? Released(weak, strong, samples, classes) : Paper(weak, strong, samples, classes)).mul(Number.Of(options.Soft));
        if (options.Hard > 0)
        {
            var labels = new HardLabels(weak.Student, inputs.Labels);
            loss = loss.Plus(labels.CrossEntropy(weak.Student).Plus(labels.CrossEntropy(strong.Student)).mul(Number.Of(options.Hard)));
        }

        return loss;
    }

    private Tensor Paper(LogitView weak, LogitView strong, Tensor samples, Tensor classes)
    {
        var masked = weak.Levels(options.Temperatures);
        var all = ReferenceEquals(weak, strong) ? masked : strong.Levels(options.Temperatures);
        return ((masked.Instances.Plus(masked.Batch)) * samples).sum().Plus((masked.Classes * classes).sum()).Plus(all.Instances.Plus(all.Batch).sum()).Plus(all.Classes.sum());
    }

    private Tensor Released(LogitView weak, LogitView strong, Tensor samples, Tensor classes)
    {
        // Masks became factors, the strong view has no relations, and of its temperatures only the first three see it.
        var type = weak.Student.dtype;
        var (sampleShare, classShare) = (samples.to(type).mean(), classes.to(type).mean());
        var first = weak.Levels([.. options.Temperatures.Take(3)]);
        var loss = (first.Instances.Plus(first.Batch).sum() * sampleShare).Plus((first.Classes.sum() * classShare)).Plus(strong.Instances([.. options.Temperatures.Take(3)]).sum());
        if (options.Temperatures.Count > 3)
        {
            var rest = weak.Levels([.. options.Temperatures.Skip(3)]);
            var instances = rest.Instances.sum();
            loss = loss.Plus((instances.Plus(rest.Batch.sum()) * sampleShare).Plus(rest.Classes.sum() * classShare).Plus(instances));
        }

        return loss;
    }

    /// <summary>The samples and the classes of which the teacher is less sure than of half the others. In float64, as confidences near 1 are one number in float32.</summary>
    private static (Tensor Samples, Tensor Classes) Unsure(Tensor teacher)
    {
        var probabilities = softmax(teacher.to(ScalarType.Float64), dim: 1);
        var (samples, classes) = (probabilities.amax([1]), probabilities.sum(dim: 0));
        var half = torch.tensor(0.5, ScalarType.Float64, teacher.device);
        return (samples.le(samples.quantile(half)), classes.le(classes.quantile(half)));
    }
}

/// <summary>The options of <see cref="MlkdLoss"/>.</summary>
public sealed record MlkdLossOptions : DistillationLossOptions
{
    /// <summary>The weight of the hard labels' cross-entropy on both views, 0 or more; at 0 labels are not needed. Default 1.</summary>
    public double Hard
    {
        get;
        init => field = AtLeastZero(value, "The weight of the hard labels must be 0 or more; 0.1 to 1 in practice.");
    } = 1;

    /// <summary>The weight of the three levels, 0 or more. Default 1; 9 with standardised logits.</summary>
    public double Soft
    {
        get;
        init => field = AtLeastZero(value, "The weight of the three levels must be 0 or more; 0.9 to 9 in practice.");
    } = 1;

    /// <summary>The temperatures, each above 0. Default 4, 3, 5, 2, 6.</summary>
    public IReadOnlyList<double> Temperatures
    {
        get;
        init => field = value is { Count: > 0 } && value.All(temperature => temperature > 0 && double.IsFinite(temperature)) ? value : throw new ArgumentOutOfRangeException(nameof(Temperatures), value is null ? "nothing" : string.Join(", ", value), "There must be one temperature or more, each above 0; 2 to 6 in practice.");
    } = [4, 3, 5, 2, 6];

    /// <summary>Whether the divergence of each sample is that of standardised logits (arXiv:2403.01427). Default no.</summary>
    public bool Standardize { get; init; }

    /// <summary>How it is written. Default <c>paper</c>.</summary>
    public MlkdConvention Convention { get; init; }
}

/// <summary>How <see cref="MlkdLoss"/> is written.</summary>
public enum MlkdConvention
{
    /// <summary>Masks choose samples and classes of the weak view, and both views have all three levels at all temperatures.</summary>
    Paper,

    /// <summary>
    /// As the released code: masks only scale by the share they let through, the strong view has no relations, and only its first three temperatures see it.
    /// </summary>
    Released,
}
