using DistillSharp.Losses;
using DistillSharp.Tasks;
using TorchSharp;

namespace DistillSharp.Tests.Plugins;

/// <summary>The mean square of the differences of logits: a user's own loss, in one class and its options.</summary>
/// <param name="options">The options.</param>
[Plugin("own-square", "Squared differences of logits")]
public sealed class OwnSquareLoss(OwnSquareLossOptions options) : LogitLoss(options)
{
    /// <inheritdoc/>
    protected override torch.Tensor Formula(torch.Tensor student, torch.Tensor teacher) => (student - teacher).square().mean() * options.Scale;
}

/// <summary>The options of <see cref="OwnSquareLoss"/>.</summary>
public sealed record OwnSquareLossOptions : DistillationLossOptions
{
    /// <summary>A factor above 0.</summary>
    public double Scale
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Scale), value, "The scale must be above 0.");
    } = 0.1;
}
