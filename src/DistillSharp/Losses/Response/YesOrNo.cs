using DistillSharp.Native;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Response;

/// <summary>Probabilities of yes and no, by the logarithm of their odds, which tells apart what is all but certain.</summary>
internal static class YesOrNo
{
    // Beyond, the error of the straight line is below that of float64.
    private const double LinearFrom = 40;

    /// <summary>KL(teacher ‖ student) of each yes or no: the same whichever of the two is called yes.</summary>
    /// <param name="student">The student's log-odds of yes.</param>
    /// <param name="teacher">The teacher's, without gradient.</param>
    public static Tensor Divergence(Tensor student, Tensor teacher)
    {
        // What the teacher holds for unlikely is called yes: its logarithm is then no difference of large numbers. With log-odds s and t,
        // KL = softplus(s) − σ(t) s − (softplus(t) − σ(t) t). Softplus and not logsigmoid, which wakes all threads for ever so few numbers.
        var unlikely = teacher.abs().neg();
        var odds = student * ones_like(teacher).copysign(teacher).neg();
        var yes = unlikely.sigmoid();
        return Softplus(odds).addcmul(yes, odds, Number.Of(-1.0)) + (yes.mul(unlikely) - Softplus(unlikely));
    }

    private static Tensor Softplus(Tensor odds) => softplus(odds, 1, LinearFrom);
}
