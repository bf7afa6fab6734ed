using DistillSharp.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

/// <summary>Runs a loss once, and makes the small tensors it is run on.</summary>
internal static class LossProbe
{
    /// <summary>The loss's value; the loss is prepared by its first batch and stays usable.</summary>
    public static double Value(DistillationLoss loss, LossInputs inputs)
    {
        using var value = loss.Compute(inputs);
        return value.ToDouble();
    }

    /// <summary>The value of a loss of one pair of features.</summary>
    public static double Value(DistillationLoss loss, Tensor student, Tensor teacher, Tensor? mask = null) => Value(loss, Pair(student, teacher, mask));

    /// <summary>One pair of features.</summary>
    public static LossInputs Pair(Tensor student, Tensor teacher, Tensor? mask = null) => new() { StudentFeatures = [student], TeacherFeatures = [teacher], Mask = mask };

    /// <summary>Holds that a loss, the gradients it gives and those of its adapters are numbers.</summary>
    public static void Finite(DistillationLoss loss, LossInputs inputs, params Tensor[] leaves)
    {
        using var value = loss.Compute(inputs);
        value.backward();
        Assert.True(double.IsFinite(value.to(ScalarType.Float64).ToDouble()), $"The loss is {value.ToSingle()}.");
        foreach (var gradient in leaves.Select(leaf => leaf.grad!).Concat(loss.Adapters.Select(adapter => adapter.Executor.Gradients)))
        {
            Assert.True(gradient.isfinite().all().ToBoolean(), "A gradient is not a number.");
        }
    }

    /// <summary>Numbers in float64 under a shape.</summary>
    public static Tensor Of(long[] shape, params double[] values) => torch.tensor(values, shape);

    /// <summary>A mask of whole numbers.</summary>
    public static Tensor Mask(long[] shape, params long[] values) => torch.tensor(values, shape);

    /// <summary>Drawn numbers in float64.</summary>
    public static Tensor Draw(ulong seed, params long[] shape)
    {
        using var generator = new Generator(seed);
        return randn(shape, ScalarType.Float64, generator: generator);
    }
}
