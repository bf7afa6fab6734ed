using DistillSharp.Detection.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Detection.Losses;

/// <summary>A small detector's raw maps and true boxes, drawn from a seed: two levels of strides 8 and 16.</summary>
internal sealed class LossScene : IDisposable
{
    public const int Classes = 3;

    public static readonly DetectionLossOptions Options = new() { Classes = Classes, Strides = [8, 16], RegMax = 8 };

    public LossScene(float[] targets, int pictures = 2, int height = 64, int width = 48, ScalarType type = ScalarType.Float64, int seed = 3)
    {
        using var generator = new Generator((ulong)seed);
        Maps = [.. Options.Strides.Select(stride => randn([pictures, (4 * Options.RegMax) + Classes, height / stride, width / stride], ScalarType.Float64, generator: generator).to(type).requires_grad_())];
        Targets = torch.tensor(targets, [targets.Length / 6, 6]);
    }

    public Tensor[] Maps { get; }

    public Tensor Targets { get; }

    /// <summary>Two pictures with two overlapping boxes and one more.</summary>
    public static float[] ThreeBoxes => [0, 1, 0.5f, 0.45f, 0.7f, 0.6f, 0, 2, 0.42f, 0.5f, 0.5f, 0.55f, 1, 0, 0.6f, 0.6f, 0.61f, 0.5f];

    public DetectionLossValue Compute(DetectionLossOptions? options = null) => new DetectionLoss(options ?? Options).Compute(Maps, Targets);

    public IReadOnlyList<AnchorMatch> Assign()
    {
        var grid = DetectionMaps.Check(Maps, Options);
        return new DetectionLoss(Options).Assign(grid, TrueBoxes.Read(Targets, (int)Maps[0].shape[0], Classes, grid.InputSize, single: false), Maps);
    }

    /// <summary>The gradients of the total, one array a map.</summary>
    public double[][] Gradients()
    {
        using var value = Compute();
        value.Total.backward();
        return [.. Maps.Select(map => TensorNumbers.Of(map.grad!))];
    }

    public void Dispose()
    {
        foreach (var map in Maps)
        {
            map.grad?.Dispose();
            map.Dispose();
        }

        Targets.Dispose();
    }
}
