using DistillSharp.Execution;
using DistillSharp.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

/// <summary>Small batches of features, and what is asked of every loss of them.</summary>
internal static class FeatureTrial
{
    /// <summary>Normal numbers that are the same each time.</summary>
    public static Tensor Normal(ulong seed, params long[] shape)
    {
        using var generator = new Generator(seed);
        return randn(shape, ScalarType.Float64, generator: generator);
    }

    /// <summary>Numbers as a tensor of float64.</summary>
    public static Tensor Of(double[] values, params long[] shape) => torch.tensor(values, shape);

    /// <summary>The loss of one pair.</summary>
    public static double Loss(DistillationLoss loss, Tensor student, Tensor teacher) => Loss(loss, [student], [teacher]);

    /// <summary>The loss of several pairs.</summary>
    public static double Loss(DistillationLoss loss, IReadOnlyList<Tensor> students, IReadOnlyList<Tensor> teachers)
    {
        using var value = loss.Compute(new LossInputs { StudentFeatures = students, TeacherFeatures = teachers });
        return value.ToDouble();
    }

    /// <summary>Holds loss and gradients to be finite numbers in float32, where features are ordinary, dead, large and tiny.</summary>
    public static void StaysFinite(Func<DistillationLoss> make, Func<LossSetup, LossSetup>? tell, Func<Tensor, LossInputs, LossInputs>? give, long[] student, long[] teacher, int pairs = 1)
    {
        foreach (double size in new[] { 1, 0, 1e4, 1e-12 })
        {
            using var scope = NewDisposeScope();
            Tensor[] students = [.. Enumerable.Range(0, pairs).Select(i => (Normal(1 + (ulong)i, student) * size).to(ScalarType.Float32).requires_grad_())];
            Tensor[] teachers = [.. Enumerable.Range(0, pairs).Select(i => (Normal(7 + (ulong)i, teacher) * size).to(ScalarType.Float32))];
            var inputs = new LossInputs { StudentFeatures = students, TeacherFeatures = teachers };
            inputs = give?.Invoke(students[0], inputs) ?? inputs;
            using var loss = make();
            var setup = new LossSetup { Shapes = LossShapes.Of(inputs) };
            loss.Prepare(tell?.Invoke(setup) ?? setup);

            using var value = loss.Compute(inputs);
            value.backward();

            Assert.True(double.IsFinite(value.ToDouble()), $"features of size {size} give {value.ToDouble()}");
            var gradients = students.Select(one => one.grad).Concat(loss.Adapters.Select(adapter => adapter.Executor.Gradients));
            Assert.All(gradients.SelectMany(gradient => Numbers(gradient!)), number => Assert.True(double.IsFinite(number), $"features of size {size} give a gradient of {number}"));
        }
    }

    /// <summary>A weight of a loss's first adapter.</summary>
    public static Tensor Weight(DistillationLoss loss, string name)
    {
        var weights = loss.Adapters[0].Executor.Weights;
        return FlatBuffer.View(weights.Values, weights.Find(name)!).detach();
    }

    /// <summary>The elements in C order.</summary>
    public static double[] Numbers(Tensor tensor)
    {
        using var numbers = tensor.detach().to(ScalarType.Float64).reshape(-1).contiguous();
        return [.. numbers.data<double>()];
    }
}
