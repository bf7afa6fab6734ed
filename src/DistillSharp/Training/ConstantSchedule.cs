using DistillSharp.Tasks;

namespace DistillSharp.Training;

/// <summary>One learning rate throughout.</summary>
[Plugin("constant", "One learning rate throughout")]
public sealed class ConstantSchedule : Schedule
{
    /// <inheritdoc/>
    public override double FactorAt(double progress, int epoch) => 1;
}
