using DistillSharp.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

/// <summary>One feature of a student and one of a teacher, what a loss makes of them, and the gradient.</summary>
internal static class FeaturePairs
{
    public static Tensor Values(double[] values, params long[] shape) => torch.tensor(values, shape);

    public static Tensor Drawn(ulong seed, ScalarType type, params long[] shape)
    {
        using var generator = new Generator(seed);
        using var drawn = randn(shape, ScalarType.Float64, generator: generator);
        return drawn.to(type, copy: true);
    }

    public static LossInputs Inputs(Tensor student, Tensor teacher) => new() { StudentFeatures = [student], TeacherFeatures = [teacher] };

    /// <summary>The loss of one pair.</summary>
    public static double Loss(DistillationLoss loss, Tensor student, Tensor teacher)
    {
        using var value = loss.Compute(Inputs(student, teacher));
        return value.ToDouble();
    }

    /// <summary>The loss of a batch and the gradient of its first student feature.</summary>
    public static (double Loss, double[] Gradient) WithGradient(DistillationLoss loss, LossInputs inputs)
    {
        using var leaf = inputs.StudentFeatures[0].detach().clone().requires_grad_();
        using var value = loss.Compute(inputs with { StudentFeatures = [leaf, .. inputs.StudentFeatures.Skip(1)] });
        value.backward();
        return (value.ToDouble(), Numbers(leaf.grad!));
    }

    /// <summary>Asserts that loss and gradient are finite numbers.</summary>
    public static (double Loss, double[] Gradient) Finite(DistillationLoss loss, Tensor student, Tensor teacher)
    {
        var (value, gradient) = WithGradient(loss, Inputs(student, teacher));
        Assert.True(double.IsFinite(value), $"the loss is {value}");
        Assert.All(gradient, number => Assert.True(double.IsFinite(number)));
        return (value, gradient);
    }

    /// <summary>Sets all weights of a loss's adapter, matrices to one number and the rest to another.</summary>
    public static void SetWeights(DistillationLoss loss, double matrices, double rest)
    {
        using var guard = no_grad();
        var weights = loss.Adapters[0].Executor.Weights;
        using var front = weights.Values.narrow(0, 0, weights.DecayedCount);
        using var back = weights.Values.narrow(0, weights.DecayedCount, weights.Values.NumberOfElements - weights.DecayedCount);
        using var one = front.fill_(matrices);
        using var other = back.fill_(rest);
    }

    public static double[] Numbers(Tensor tensor)
    {
        using var numbers = tensor.detach().to(ScalarType.Float64).reshape(-1).contiguous();
        return [.. numbers.data<double>()];
    }
}
