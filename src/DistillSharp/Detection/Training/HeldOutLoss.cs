using DistillSharp.Detection.Losses;
using DistillSharp.Execution;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Detection;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Detection.Training;

/// <summary>Works the loss out on held-out pictures, from the raw maps of the model that is evaluated.</summary>
/// <param name="loss">The loss.</param>
internal sealed class HeldOutLoss(DetectionLoss loss) : DetectionObserver, IDisposable
{
    private readonly List<Tensor> _maps = [];
    private double _box, _class, _distribution;
    private int _batches;

    public override IReadOnlyList<string> Outputs => DetectionTask.Maps;

    /// <summary>The means over the batches: boxes, class scores, distributions.</summary>
    public (double Box, double Class, double Distribution) Mean => (_box / Math.Max(1, _batches), _class / Math.Max(1, _batches), _distribution / Math.Max(1, _batches));

    public override void OnOutput(int index, ReadOnlySpan<float> values, ReadOnlySpan<long> shape) =>
        _maps.Add(TensorConversion.FromFloats(values, shape, ScalarType.Float32, CPU));

    public override void OnBatch(DetectionBatch batch, IReadOnlyList<IReadOnlyList<DetectedBox>> found)
    {
        using var guard = no_grad();
        using var targets = TensorConversion.FromFloats(batch.Targets.Span, [batch.Targets.Length / 6, 6], ScalarType.Float32, CPU);
        try
        {
            using var value = loss.Compute(_maps, targets);
            _box += value.Box;
            _class += value.Class;
            _distribution += value.Distribution;
        }
        catch (ArithmeticException)
        {
            // A model that overflows is scored all the same: its loss is no number, its score says the rest.
            _box = _class = _distribution = double.NaN;
        }

        _batches++;
        Dispose();
    }

    public void Dispose()
    {
        _maps.ForEach(map => map.Dispose());
        _maps.Clear();
    }
}
