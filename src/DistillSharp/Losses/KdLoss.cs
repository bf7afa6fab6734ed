using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses;

/// <summary>Matches the teacher's softened class probabilities: T² KL(teacher ‖ student) at temperature T, mean over the batch (Hinton et al., arXiv:1503.02531).</summary>
/// <param name="options">The options.</param>
[Plugin("kd", "Soft-label KL divergence at a temperature (arXiv:1503.02531)")]
public sealed class KdLoss(KdLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override double Temperature => options.Temperature;

    /// <inheritdoc/>
    protected override Tensor Formula(Tensor student, Tensor teacher)
    {
        double t = options.Temperature;
        var logStudent = log_softmax(student.div(Number.Of(t)), dim: 1);
        var logTeacher = log_softmax(teacher.div(Number.Of(t)), dim: 1);

        // T squared keeps the gradient's size the same at every temperature (section 2 of the paper).
        return (logTeacher.exp() * (logTeacher - logStudent)).sum(dim: 1).mean().mul(Number.Of(t * t));
    }
}

/// <summary>The options of <see cref="KdLoss"/>.</summary>
public sealed record KdLossOptions : DistillationLossOptions
{
    /// <summary>The softmax temperature, above 0; 1 to 20 in practice. Default 4.</summary>
    public double Temperature
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Temperature), value, "The temperature must be above 0; 1 to 20 in practice.");
    } = 4;
}
