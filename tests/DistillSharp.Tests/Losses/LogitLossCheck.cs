using DistillSharp.Losses;
using DistillSharp.TestKit.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

/// <summary>What tests of losses of logits share.</summary>
internal static class LogitLossCheck
{
    /// <summary>Logits whose softmax at temperature 1 is these probabilities, one row after another.</summary>
    public static Tensor Logits(int classes, params double[] probabilities) => tensor([.. probabilities.Select(value => Math.Log(value))], [probabilities.Length / classes, classes]);

    public static Tensor Labels(params long[] labels) => tensor(labels);

    public static double Value(DistillationLoss loss, Tensor student, Tensor teacher, params long[] labels)
    {
        var inputs = new LossInputs { StudentLogits = student, TeacherLogits = teacher };
        return Value(loss, labels.Length == 0 ? inputs : inputs with { Labels = Labels(labels) });
    }

    public static double Value(DistillationLoss loss, LossInputs inputs)
    {
        using (loss)
        using (var value = loss.Compute(inputs))
        {
            return value.ToDouble();
        }
    }

    public static Tensor Random(int seed, params long[] shape)
    {
        using var generator = new Generator((ulong)seed);
        return randn(shape, ScalarType.Float64, generator: generator);
    }

    public static double[] Numbers(Tensor tensor)
    {
        using var numbers = tensor.detach().to(ScalarType.Float64).reshape(-1).contiguous();
        return [.. numbers.data<double>()];
    }

    /// <summary>
    /// Logits of ±50 on which both models agree and disagree, for one sample and several, of 2 and of 1000 classes: float32 must give the loss and gradient of float64.
    /// </summary>
    public static void HoldsInFloat32(Func<DistillationLoss> loss, double tolerance = 1e-4)
    {
        foreach (var (samples, classes) in new[] { (1, 2), (5, 2), (1, 1000), (4, 1000) })
        {
            using var scope = NewDisposeScope();
            var (student, teacher) = (Random(1, samples, classes).sign() * 50, Random(2, samples, classes).sign() * 50);
            var labels = arange(samples, ScalarType.Int64) % classes;
            var (exact, gradient) = Run(loss(), student, teacher, labels);
            var (rounded, roundedGradient) = Run(loss(), student.to(ScalarType.Float32), teacher.to(ScalarType.Float32), labels);

            Assert.True(double.IsFinite(exact), $"[{samples}, {classes}]: {exact}");
            Assert.Equal(exact, rounded, (Math.Abs(exact) * tolerance) + 1e-6);
            Assert.All(roundedGradient, value => Assert.True(double.IsFinite(value)));
            Assert.True(gradient.All(value => Math.Abs(value) < 1e-10) || CentralDifferences.RelativeError(roundedGradient, gradient) < tolerance, $"[{samples}, {classes}]: the gradient differs");
        }
    }

    private static (double Loss, double[] Gradient) Run(DistillationLoss loss, Tensor student, Tensor teacher, Tensor labels)
    {
        var leaf = student.detach().clone().requires_grad_();
        using (loss)
        {
            var value = loss.Compute(new LossInputs { StudentLogits = leaf, TeacherLogits = teacher, Labels = labels });
            value.backward();
            return (value.ToDouble(), Numbers(leaf.grad!));
        }
    }
}
