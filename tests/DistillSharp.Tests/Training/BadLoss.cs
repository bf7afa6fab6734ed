using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Training;

/// <summary>A loss whose formula a test writes.</summary>
internal sealed class BadLoss(Func<Tensor, Tensor, Tensor> formula) : LogitLoss(new KdLossOptions())
{
    protected override Tensor Formula(Tensor student, Tensor teacher) => formula(student, teacher);
}
