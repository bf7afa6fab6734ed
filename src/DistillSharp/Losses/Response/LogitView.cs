using DistillSharp.Native;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Response;

/// <summary>Both models' logits for one view of the pictures, and their differences on three levels.</summary>
internal sealed class LogitView
{
    private readonly bool _standardized;
    private readonly Tensor _student;
    private readonly Tensor _teacher;

    /// <summary>Takes the logits, <c>[N, C]</c>.</summary>
    /// <param name="student">The student's.</param>
    /// <param name="teacher">The teacher's.</param>
    /// <param name="standardize">Whether the divergence of samples is that of standardised logits.</param>
    public LogitView(Tensor student, Tensor teacher, bool standardize)
    {
        (Student, Teacher, _standardized) = (student, teacher, standardize);
        (_student, _teacher) = standardize ? (Standardization.Of(student), Standardization.Of(teacher)) : (student, teacher);
    }

    public Tensor Student { get; }

    public Tensor Teacher { get; }

    /// <summary>T² KL of each sample over their number, summed over temperatures: <c>[N]</c>.</summary>
    /// <param name="temperatures">The temperatures.</param>
    public Tensor Instances(IReadOnlyList<double> temperatures)
    {
        Tensor? total = null;
        foreach (double temperature in temperatures)
        {
            var (_, _, term) = Divergence(temperature);
            total = total is null ? term : total.Plus(term);
        }

        return total!;
    }

    /// <summary>All levels, summed over temperatures; a level's sum is its loss.</summary>
    /// <param name="temperatures">The temperatures.</param>
    /// <returns>Of each sample, its divergence and how it differs in likeness to the batch: <c>[N]</c>; of each class, how it differs in likeness to the classes: <c>[C]</c>.</returns>
    public (Tensor Instances, Tensor Batch, Tensor Classes) Levels(IReadOnlyList<double> temperatures)
    {
        Tensor? instances = null, batch = null, classes = null;
        foreach (double temperature in temperatures)
        {
            var (student, teacher, term) = Divergence(temperature);
            var (s, t) = _standardized
                ? (softmax(Student.div(Number.Of(temperature)), dim: 1), softmax(Teacher.div(Number.Of(temperature)), dim: 1))
                : (student.exp(), teacher);
            var (st, tt) = (s.transpose(0, 1), t.transpose(0, 1));
            var alikeSamples = (t.matmul(tt) - s.matmul(st)).Squared().mean([0]);
            var alikeClasses = (tt.matmul(t) - st.matmul(s)).Squared().mean([0]);
            (instances, batch, classes) = instances is null ? (term, alikeSamples, alikeClasses) : (instances.Plus(term), batch!.Plus(alikeSamples), classes!.Plus(alikeClasses));
        }

        return (instances!, batch!, classes!);
    }

    /// <summary>The student's log-probabilities, the teacher's probabilities, and each sample's divergence.</summary>
    private (Tensor Student, Tensor Teacher, Tensor Divergence) Divergence(double temperature)
    {
        var student = log_softmax(_student.div(Number.Of(temperature)), dim: 1);
        var teacher = log_softmax(_teacher.div(Number.Of(temperature)), dim: 1);
        var probabilities = teacher.exp();

        // The factor goes to the teacher's side, which has no backward.
        var scaled = probabilities.mul(Number.Of(temperature * temperature / student.size(0)));
        return (student, probabilities, (scaled * (teacher - student)).sum(1));
    }
}
