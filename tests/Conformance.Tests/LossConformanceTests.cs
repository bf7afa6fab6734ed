using DistillSharp.Losses;
using DistillSharp.Plugins;
using DistillSharp.TestKit.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Conformance.Tests;

/// <summary>What holds for every loss of the catalogue, those added later included.</summary>
[Collection(Alone.Name)]
public sealed class LossConformanceTests
{
    public static TheoryData<string> Losses => [.. PluginCatalogs.BuiltIn.Losses.All.Select(loss => loss.Key)];

    [Theory]
    [MemberData(nameof(Losses))]
    public void It_is_a_finite_scalar_whose_gradient_reaches_the_student_only(string key)
    {
        using var student = Logits(1, ScalarType.Float32).requires_grad_();
        using var teacher = Logits(2, ScalarType.Float32).requires_grad_();
        using var loss = Create(key).Compute(student, teacher);
        loss.backward();

        Assert.Equal([], loss.shape);
        Assert.True(double.IsFinite(loss.ToDouble()) && loss.ToDouble() > 0, $"{key} is {loss.ToDouble()}");
        using var gradient = student.grad;
        Assert.NotNull(gradient);
        using var size = gradient.norm();
        Assert.InRange(size.ToDouble(), 1e-6, 1e6);
        Assert.Null(teacher.grad);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void At_agreement_there_is_nothing_to_pay_and_nothing_to_change(string key)
    {
        using var student = Logits(1, ScalarType.Float64).requires_grad_();
        using var teacher = student.detach().clone();
        using var loss = Create(key).Compute(student, teacher);
        loss.backward();

        Assert.Equal(0, loss.ToDouble(), 1e-12);
        using var gradient = student.grad!;
        Assert.All(Numbers(gradient), value => Assert.Equal(0, value, 1e-12));
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void The_gradient_is_that_of_central_differences(string key)
    {
        var loss = Create(key);
        using var student = Logits(1, ScalarType.Float64);
        using var teacher = Logits(2, ScalarType.Float64);
        using var leaf = student.clone().requires_grad_();
        using var value = loss.Compute(leaf, teacher);
        value.backward();

        double[] expected = CentralDifferences.Of(student, () =>
        {
            using var moved = loss.Compute(student, teacher);
            return moved.ToDouble();
        });
        using var gradient = leaf.grad!;
        double error = CentralDifferences.RelativeError(Numbers(gradient), expected);
        Assert.True(error <= 1e-6, $"the gradient of {key} differs from central differences by {error}");
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Nothing_is_left_behind(string key)
    {
        var loss = Create(key);
        using var student = Logits(1, ScalarType.Float32).requires_grad_();
        using var teacher = Logits(2, ScalarType.Float32);
        long before = Tensor.TotalCount;

        loss.Compute(student, teacher).Dispose();
        Assert.Equal(before, Tensor.TotalCount);
        using (var value = loss.Compute(student, teacher))
        {
            Assert.Equal(before + 1, Tensor.TotalCount);
        }

        using var other = ones(5, 9);
        Assert.Throws<ArgumentException>(() => loss.Compute(student, other));
        Assert.Equal(before + 1, Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Shapes_that_cannot_be_compared_are_both_named(string key)
    {
        using var student = ones(5, 10);
        using var teacher = ones(5, 9);

        var error = Assert.Throws<ArgumentException>(() => Create(key).Compute(student, teacher));
        Assert.Contains("[5, 10]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[5, 9]", error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message, Assert.Throws<ArgumentException>(() => Create(key).CheckShapes([5, 10], [5, 9])).Message);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void The_same_logits_give_the_same_loss(string key)
    {
        using var student = Logits(1, ScalarType.Float32);
        using var teacher = Logits(2, ScalarType.Float32);
        using var first = Create(key).Compute(student, teacher);
        using var second = Create(key).Compute(student, teacher);

        Assert.Equal(first.ToDouble(), second.ToDouble());
    }

    private static DistillationLoss Create(string key) => PluginCatalogs.BuiltIn.Losses.Create(new(key));

    private static Tensor Logits(ulong seed, ScalarType type)
    {
        using var generator = new Generator(seed);
        using var logits = randn([5, 10], ScalarType.Float64, generator: generator);
        return (logits * 2).to(type);
    }

    private static double[] Numbers(Tensor tensor)
    {
        using var flat = tensor.reshape(-1);
        return [.. flat.data<double>()];
    }
}
