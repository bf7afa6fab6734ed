using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Response;

/// <summary>Probabilities of yes and no, by the logarithm of their odds, which tells apart what is all but certain.</summary>
internal static class YesOrNo
{
    // Beyond, the error of the straight line is below that of float64.
    private const double LinearFrom = 40;

    /// <summary>KL(teacher ‖ student) of each yes or no.</summary>
    /// <param name="student">The student's log-odds of yes.</param>
    /// <param name="teacher">The teacher's.</param>
    public static Tensor Divergence(Tensor student, Tensor teacher)
    {
        // The negative logarithms of no and of yes. Softplus and not logsigmoid, which wakes all threads for ever so few numbers.
        var (studentYes, teacherYes) = (student.neg(), teacher.neg());
        var no = teacherYes.sigmoid() * (Softplus(student) - Softplus(teacher));
        return no + (teacher.sigmoid() * (Softplus(studentYes) - Softplus(teacherYes)));
    }

    private static Tensor Softplus(Tensor odds) => softplus(odds, 1, LinearFrom);
}
