using DistillSharp.Adapters;
using DistillSharp.Execution;
using DistillSharp.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Benchmarks.LossCost;

/// <summary>The values of resnet8 and of its teacher at batch 64, drawn.</summary>
internal static class Draws
{
    public const int Samples = 64, Classes = 10;

    private static ulong s_seed;

    /// <summary>A student's tensor: a leaf.</summary>
    public static Tensor Student(params long[] shape) => Teacher(shape).requires_grad_();

    /// <summary>A teacher's tensor.</summary>
    public static Tensor Teacher(params long[] shape)
    {
        using var generator = new Generator(++s_seed);
        return randn(shape, generator: generator);
    }

    /// <summary>Labels of the batch.</summary>
    public static Tensor Labels() => arange(Samples, ScalarType.Int64).remainder(Classes);

    /// <summary>Logits of both.</summary>
    public static LossInputs Logits() => new() { StudentLogits = Student(Samples, Classes), TeacherLogits = Teacher(Samples, Classes), Labels = Labels() };

    /// <summary>The last maps of the three stages of resnet8, and of resnet32, which has the same widths.</summary>
    public static LossInputs Maps() => new()
    {
        StudentFeatures = [Student(Samples, 16, 32, 32), Student(Samples, 32, 16, 16), Student(Samples, 64, 8, 8)],
        TeacherFeatures = [Teacher(Samples, 16, 32, 32), Teacher(Samples, 32, 16, 16), Teacher(Samples, 64, 8, 8)],
    };

    /// <summary>The last maps of the three stages of resnet8, and of resnet8x4, four times as wide.</summary>
    public static LossInputs WideMaps() => Maps() with { TeacherFeatures = [Teacher(Samples, 64, 32, 32), Teacher(Samples, 128, 16, 16), Teacher(Samples, 256, 8, 8)] };

    /// <summary>Only the last of the maps.</summary>
    public static LossInputs Last(LossInputs maps) => maps with { StudentFeatures = [maps.StudentFeatures[^1]], TeacherFeatures = [maps.TeacherFeatures[^1]] };

    /// <summary>What goes into the last layer of both.</summary>
    public static LossInputs Embeddings() => new() { StudentFeatures = [Student(Samples, 64)], TeacherFeatures = [Teacher(Samples, 64)] };

    /// <summary>A copy of an adapter's weight as a leaf: what a hand-written network has of its own.</summary>
    public static Tensor Weight(DistillationLoss loss, string name) => Weight(loss.Adapters.FirstOrDefault(adapter => adapter.Executor.Weights.Find(name) is not null)
        ?? throw new ArgumentException($"No adapter has the weight '{name}'; there are {string.Join(", ", loss.Adapters.SelectMany(adapter => adapter.Executor.Weights.Parameters).Select(parameter => parameter.Name))}.", nameof(name)), name);

    /// <summary>A copy of one adapter's weight as a leaf.</summary>
    public static Tensor Weight(AdapterNetwork adapter, string name)
    {
        var parameter = adapter.Executor.Weights.Find(name) ?? throw new ArgumentException($"The adapter has no weight '{name}'.", nameof(name));
        using var view = FlatBuffer.View(adapter.Executor.Weights.Values, parameter);
        return view.detach().clone().requires_grad_();
    }
}
