using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Losses;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses.Golden;

/// <summary>Every loss against the values and gradients of a public reference implementation, run in float64: all cases that the folder holds.</summary>
[Trait("Category", "Golden")]
public sealed class GoldenLossTests
{
    /// <summary>A theory without data fails: where the golden numbers are absent, one row says so and is skipped.</summary>
    public static IEnumerable<TheoryDataRow<string>> Cases => SharedFolder.GoldenIsAbsent is { } absent
        ? [new TheoryDataRow<string>("none") { Skip = absent }]
        : GoldenLossCase.Files.Select(file => new TheoryDataRow<string>(file));

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void Loss_and_gradients_are_the_references_in_float64(string file) => Agrees(file, ScalarType.Float64, 1e-9);

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void Loss_and_gradients_are_the_references_in_float32(string file) => Agrees(file, ScalarType.Float32, 1e-4);

    [Fact]
    public void Cases_are_found()
    {
        var files = GoldenLossCase.Files;
        TestContext.Current.TestOutputHelper?.WriteLine($"{files.Count} cases of {files.Select(file => file.Split("__")[0]).Distinct().Count()} methods");
        Assert.True(files.Count >= (SharedFolder.IsDefaultGolden ? 67 : 1), $"Only {files.Count} cases were found in '{SharedFolder.Golden("losses")}'; the default folder has 67.");
    }

    private static void Agrees(string file, ScalarType type, double tolerance)
    {
        var one = GoldenLossCase.Load(file);
        one.Type = type;
        using var scope = NewDisposeScope();
        var run = GoldenLossMethods.Of(one);
        using var loss = run.Loss;
        var setup = run.Setup(new() { Shapes = LossShapes.Of(run.Inputs), Precision = type == ScalarType.Float64 ? ElementType.Float64 : ElementType.Float32 });
        loss.Prepare(setup);
        run.Prepared?.Invoke();
        var weights = Weights(one, run);

        var value = loss.Compute(run.Inputs);
        var total = run.Factor == 1 ? value : value * run.Factor;
        if (total.requires_grad)
        {
            total.backward();
        }

        double allowed = Math.Max(tolerance, run.ReferenceError);
        Near(file, "the loss", [total.ToDouble()], one.Arrays["loss"].Values, allowed);
        var gradients = one.Arrays.Where(array => array.Key.StartsWith("grad_", StringComparison.Ordinal)).ToList();
        double largest = gradients.SelectMany(gradient => gradient.Value.Values).Select(Math.Abs).DefaultIfEmpty().Max();
        foreach (var (name, gradient) in one.Leaves.Select(leaf => (leaf.Key, leaf.Value.grad)).Concat(weights).Where(pair => one.Has($"grad_{pair.Item1}")))
        {
            var expected = one.Arrays[$"grad_{name}"].Values;
            Near(file, $"the gradient of {name}", Numbers(gradient, expected.Count), expected, allowed, largest);
        }

        string[] compared = [.. one.Leaves.Keys, .. weights.Select(weight => weight.Name)];
        Assert.Empty(gradients.Select(gradient => gradient.Key[5..]).Except(compared));
        run.Further?.Invoke(one.Arrays, allowed);
    }

    /// <summary>Puts the reference's weights into the adapter, and gives their gradients.</summary>
    private static List<(string Name, Tensor? Gradient)> Weights(GoldenLossCase one, GoldenLossRun run)
    {
        var gradients = new List<(string, Tensor?)>();
        foreach (var property in one.Entry.GetProperty("weights").EnumerateObject())
        {
            if (run.AdapterName(property.Value.GetString()!) is not { } name)
            {
                continue;
            }

            var executor = run.Loss.Adapters.Select(adapter => adapter.Executor).FirstOrDefault(each => each.Weights.Find(name) is not null)
                ?? throw new InvalidOperationException($"{one.File}: no adapter has the weight '{name}'; there are {string.Join(", ", run.Loss.Adapters.SelectMany(adapter => adapter.Executor.Weights.Parameters).Select(parameter => parameter.Name))}.");
            var parameter = executor.Weights.Find(name)!;
            Assert.Equal(parameter.Count, one.Arrays[property.Name].Values.Count);
            using (no_grad())
            {
                var values = one.Tensor(property.Name).reshape(-1);
                executor.Weights.Values.narrow(0, parameter.Offset, parameter.Count).copy_(values);
            }

            gradients.Add((property.Name, FlatBuffer.View(executor.Gradients, parameter)));
        }

        return gradients;
    }

    private static void Near(string file, string what, IReadOnlyList<double> found, IReadOnlyList<double> expected, double allowed, double largest = 0)
    {
        // A bias before a batch normalisation has no gradient but rounding: it is compared with the case's largest.
        double error = CentralDifferences.RelativeError(found, expected, largest);
        Assert.True(error <= allowed, $"{file}: {what} is off by {error:0.###E0}, allowed is {allowed:0.#E0}{(found.Count == 1 ? $" ({found[0]:R} instead of {expected[0]:R})" : "")}");
    }

    /// <summary>What nothing depends on has no gradient: the reference gives zeros.</summary>
    private static double[] Numbers(Tensor? tensor, int count)
    {
        if (tensor is null)
        {
            return new double[count];
        }

        using var numbers = tensor.detach().to(ScalarType.Float64).reshape(-1).contiguous();
        return [.. numbers.data<double>()];
    }
}
