using System.Reflection;
using DistillSharp.Losses;
using DistillSharp.Plugins;
using DistillSharp.TestKit.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Conformance.Tests;

/// <summary>What holds for every loss of the catalogue, those added later included. Each is given a batch made from what it declares to need.</summary>
[Collection(Alone.Name)]
public sealed class LossConformanceTests
{
    public static TheoryData<string> Losses => [.. PluginCatalogs.BuiltIn.Losses.All.Select(loss => loss.Key)];

    [Theory]
    [MemberData(nameof(Losses))]
    public void It_is_a_finite_scalar_whose_gradient_reaches_student_and_adapters_only(string key)
    {
        using var scope = NewDisposeScope();
        using var loss = Create(key);
        var batch = new LossBatch(loss.Needs, ScalarType.Float32);
        loss.Prepare(batch.Setup);
        var value = loss.Compute(batch.Inputs);
        value.backward();

        Assert.Equal([], value.shape);
        Assert.True(double.IsFinite(value.ToDouble()) && value.ToDouble() != 0, $"{key} is {value.ToDouble()}");
        Assert.All(batch.Student, leaf => Assert.InRange(Norm(leaf.grad), 1e-12, 1e9));
        Assert.All(batch.Teacher, leaf => Assert.Null(leaf.grad));
        Assert.All(loss.Adapters, adapter => Assert.InRange(Norm(adapter.Executor.Gradients), 1e-12, 1e9));
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void At_agreement_it_is_what_it_says(string key)
    {
        using var scope = NewDisposeScope();
        using var loss = Create(key);
        var batch = new LossBatch(loss.Needs, ScalarType.Float64, alike: true);
        loss.Prepare(batch.Setup);
        var value = loss.Compute(batch.Inputs);
        value.backward();

        double cost = value.ToDouble(), gradient = batch.Student.Max(leaf => Norm(leaf.grad));
        switch (loss.Agreement)
        {
            case LossAgreement.Zero:
                Assert.Equal(0, cost, 1e-9);
                Assert.Equal(0, gradient, 1e-9);
                break;
            case LossAgreement.Stationary:
                Assert.True(cost > 1e-6, $"{key} is {cost}");
                Assert.Equal(0, gradient, 1e-9);
                break;
            case LossAgreement.Kink:
                Assert.Equal(0, cost, 1e-9);
                break;
            default:
                Assert.True(double.IsFinite(cost) && double.IsFinite(gradient));
                Assert.True(loss.Adapters.Count > 0 || (cost != 0 && gradient > 1e-9), $"{key} promises nothing at agreement, but is {cost} there with a gradient of {gradient}: it should say so.");
                break;
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void The_gradient_is_that_of_central_differences(string key)
    {
        using var scope = NewDisposeScope();
        using var loss = Create(key);
        var batch = new LossBatch(loss.Needs, ScalarType.Float64);
        loss.Prepare(batch.Setup);

        // The first batch may settle constants, such as the normalisation of contrasted samples.
        loss.Compute(batch.Inputs);
        var state = loss.State.ToDictionary(tensor => tensor.Key, tensor => tensor.Value.clone());
        loss.Compute(batch.Inputs).backward();

        double most = 0;
        foreach (var leaf in batch.Student)
        {
            double[] gradient = Numbers(leaf.grad!);
            using var guard = no_grad();
            double Differs(double step) => CentralDifferences.RelativeError(gradient, CentralDifferences.Of(leaf.detach(), Value, step));
            double Value()
            {
                Restore(loss, state);
                using var moved = loss.Compute(batch.Inputs);
                return moved.ToDouble();
            }

            // A short step loses a small gradient of a large loss to rounding, a long one to curvature; a wrong gradient agrees at neither.
            double error = Differs(1e-5);
            error = error <= 1e-6 ? error : Math.Min(error, Differs(1e-4));
            Assert.True(loss.HoldsFactors || error <= 1e-6, $"the gradient of {key} for [{string.Join(", ", leaf.shape)}] differs from central differences by {error}");
            most = Math.Max(most, error);
        }

        // A factor need not depend on all that the student gives.
        Assert.True(!loss.HoldsFactors || most > 1e-3, $"the gradient of {key} differs from central differences by {most}, though it says that it holds a factor constant");
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Nothing_is_left_behind(string key)
    {
        // Neither what earlier tests left to the collector nor the batch's own tensors may go while others are counted.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var scope = NewDisposeScope();
        var loss = Create(key);
        var batch = new LossBatch(loss.Needs, ScalarType.Float32);
        long empty = Tensor.TotalCount;
        loss.Prepare(batch.Setup);
        loss.Compute(batch.Inputs).Dispose();
        long before = Tensor.TotalCount;

        loss.Compute(batch.Inputs).Dispose();
        Assert.Equal(before, Tensor.TotalCount);
        using (var value = loss.Compute(batch.Inputs))
        {
            Assert.Equal(before + 1, Tensor.TotalCount);
        }

        loss.Dispose();
        Assert.Equal(empty, Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Shapes_that_cannot_be_compared_are_both_named(string key)
    {
        using var scope = NewDisposeScope();
        using var loss = Create(key);
        var good = new LossBatch(loss.Needs, ScalarType.Float32);
        loss.Prepare(good.Setup);
        var (inputs, shapes) = Wrong(loss, good);

        // The first batch, and again after batches that were right: shapes that stay are not looked at anew.
        for (int i = 0; i < 2; i++)
        {
            var error = Assert.Throws<ArgumentException>(() => loss.Compute(inputs));
            Assert.Contains(shapes.Student, error.Message, StringComparison.Ordinal);
            Assert.Contains(shapes.Teacher, error.Message, StringComparison.Ordinal);
            loss.Compute(good.Inputs);
            loss.Compute(good.Inputs);
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void The_same_batch_gives_the_same_loss(string key)
    {
        using var scope = NewDisposeScope();
        double[] values = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            using var loss = Create(key);
            var batch = new LossBatch(loss.Needs, ScalarType.Float32);
            loss.Prepare(batch.Setup);
            return loss.Compute(batch.Inputs).ToDouble();
        })];

        Assert.Equal(values[0], values[1]);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void In_float32_nothing_becomes_NaN(string key)
    {
        using var scope = NewDisposeScope();
        foreach (double scale in new[] { 25, 1e-3, 0 })
        {
            foreach (bool alike in new[] { false, true })
            {
                using var loss = Create(key);
                var batch = new LossBatch(loss.Needs, ScalarType.Float32, alike, scale);
                loss.Prepare(batch.Setup);
                var value = loss.Compute(batch.Inputs);
                value.backward();

                Assert.True(double.IsFinite(value.ToDouble()), $"{key} is {value.ToDouble()} for values of size {scale}{(alike ? ", student and teacher alike" : "")}");
                Assert.All(batch.Student, leaf => Assert.True(leaf.grad is null || double.IsFinite(Norm(leaf.grad)), $"the gradient of {key} is {Norm(leaf.grad)} for values of size {scale}{(alike ? ", student and teacher alike" : "")}"));
                Assert.All(loss.Adapters, adapter => Assert.True(double.IsFinite(Norm(adapter.Executor.Gradients)), $"an adapter's gradient of {key} is not finite for values of size {scale}"));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void It_is_documented(string key)
    {
        var notes = PluginCatalogs.BuiltIn.Losses.Find(key).Implementation.GetCustomAttribute<LossNotesAttribute>();

        Assert.NotNull(notes);
        Assert.All(new[] { notes.Formula, notes.Use, notes.Paper, notes.Cost }, text => Assert.True(text.Length > 3, $"{key} leaves a note empty"));
    }

    /// <summary>A batch with one mistake, and the two shapes that the message must name.</summary>
    private static (LossInputs Inputs, (string Student, string Teacher) Shapes) Wrong(DistillationLoss loss, LossBatch good)
    {
        var needs = loss.Needs;
        if (needs.Asks(LossInput.Features))
        {
            var other = new LossBatch(needs, ScalarType.Float32, teacherSamples: LossBatch.Samples - 1);
            var inputs = good.Inputs with { TeacherFeatures = other.Inputs.TeacherFeatures };
            return (inputs, (LossShapes.Text(inputs.StudentFeatures[0].shape), LossShapes.Text(inputs.TeacherFeatures[0].shape)));
        }

        if (needs.Asks(LossInput.TeacherLogits))
        {
            var other = new LossBatch(needs, ScalarType.Float32, teacherClasses: LossBatch.Classes - 1);
            var inputs = good.Inputs with { TeacherLogits = other.Inputs.TeacherLogits };
            return (inputs, (LossShapes.Text(inputs.StudentLogits.shape), LossShapes.Text(inputs.TeacherLogits.shape)));
        }

        if (needs.Asks(LossInput.TeacherBoxes))
        {
            var unsure = good.Inputs with { TeacherBoxes = good.Inputs.TeacherBoxes[.., ..6] };
            return (unsure, (LossShapes.Text(unsure.StudentMaps[0].shape), LossShapes.Text(unsure.TeacherBoxes.shape)));
        }

        var labels = good.Inputs with { Labels = good.Inputs.Labels[..^1] };
        return (labels, (LossShapes.Text(labels.StudentLogits.shape), LossShapes.Text(labels.Labels.shape)));
    }

    private static void Restore(DistillationLoss loss, Dictionary<string, Tensor> state)
    {
        foreach (var (name, tensor) in loss.State)
        {
            tensor.copy_(state[name]);
        }
    }

    private static DistillationLoss Create(string key) => PluginCatalogs.BuiltIn.Losses.Create(new(key));

    private static double Norm(Tensor? tensor)
    {
        if (tensor is null)
        {
            return 0;
        }

        using var norm = tensor.norm();
        return norm.ToDouble();
    }

    private static double[] Numbers(Tensor tensor)
    {
        using var flat = tensor.reshape(-1).contiguous();
        return [.. flat.data<double>()];
    }
}
