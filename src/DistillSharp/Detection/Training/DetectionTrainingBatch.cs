using DistillSharp.Detection.Losses;
using DistillSharp.Execution;
using DistillSharp.Native;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Detection.Training;

/// <summary>A batch of letterboxed pictures with the loss it is held against.</summary>
/// <param name="batch">The batch.</param>
/// <param name="loss">The loss.</param>
/// <param name="seed">The run's seed, from which the sizes of a multi-scale run are drawn; null for the batch's own size.</param>
internal sealed class DetectionTrainingBatch(DetectionBatch batch, DetectionLoss loss, long? seed) : TrainingBatch
{
    private const int Stride = 32;
    private (double Box, double Class, double Distribution) _items;

    public override int Count => batch.Count;

    public override Tensor Input(GraphExecutor executor, long step)
    {
        using var scope = NewDisposeScope();
        var (height, width) = batch.Size;
        var pixels = TensorConversion.FromPixels(batch.Pixels.Span[..(batch.Count * 3 * height * width)], [batch.Count, 3, height, width], executor.Precision, executor.Device);
        if (seed is { } drawn)
        {
            var random = new SampleRandom(drawn, -1, (int)(step & int.MaxValue));
            int side = Math.Max(height, width), wanted = (int)(random.NextDouble(0.5, 1.5) * side) / Stride * Stride;
            double factor = Math.Max(Stride, wanted) / (double)side;
            long[] size = [RoundedUp(height * factor), RoundedUp(width * factor)];
            pixels = nn.functional.interpolate(pixels, size, mode: InterpolationMode.Bilinear, align_corners: false);
        }

        return pixels.MoveToOuterDisposeScope();
    }

    public override IReadOnlyList<(double Weight, Tensor Value)> Terms(NamedTensors outputs, GraphExecutor executor, TrainingMoment moment)
    {
        using var targets = TensorConversion.FromFloats(batch.Targets.Span, [batch.Targets.Length / 6, 6], executor.Precision, executor.Device);

        // The value's total is handed on as the term: it is disposed with the terms.
        var value = loss.Compute([.. outputs.Names.Select(name => outputs[name])], targets);
        _items = (value.Box, value.Class, value.Distribution);
        return [(1, value.Total)];
    }

    public override IEnumerable<(string Key, double Value)> Report(IReadOnlyList<string> keys, IReadOnlyList<(double Weight, Tensor Value)> terms) =>
        [(DetectionColumns.Box, _items.Box), (DetectionColumns.Class, _items.Class), (DetectionColumns.Distribution, _items.Distribution)];

    private static long RoundedUp(double side) => (long)Math.Ceiling(side / Stride) * Stride;
}
