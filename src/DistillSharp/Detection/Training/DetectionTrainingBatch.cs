using DistillSharp.Detection.Distillation;
using DistillSharp.Execution;
using DistillSharp.Native;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Detection.Training;

/// <summary>A batch of letterboxed pictures with the objective it is held against.</summary>
/// <param name="batch">The batch.</param>
/// <param name="objective">The objective.</param>
/// <param name="input">The mean and deviation that the student's card asks for.</param>
/// <param name="seed">The run's seed, from which the sizes of a multi-scale run are drawn; null for the batch's own size.</param>
internal sealed class DetectionTrainingBatch(DetectionBatch batch, DetectionObjective objective, ImageInput input, long? seed) : TrainingBatch
{
    private const int Stride = 32;
    private DetectionBatch? _scaled;
    private (double Box, double Class, double Distribution) _items;

    public override int Count => batch.Count;

    /// <summary>The pictures as the student sees them.</summary>
    public DetectionBatch Seen => _scaled ?? batch;

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
            _scaled = objective.Teacher is null ? null : Scaled(pixels);
        }

        return Normalized(pixels).MoveToOuterDisposeScope();
    }

    public override IReadOnlyList<(double Weight, Tensor Value)> Terms(NamedTensors outputs, GraphExecutor executor, TrainingMoment moment)
    {
        (var terms, _items) = objective.Terms([.. DetectionTask.Maps.Select(name => outputs[name])], outputs, Seen, moment);
        return terms;
    }

    /// <summary>The items of the detector's own loss, each as Ultralytics names it, then every distillation loss.</summary>
    public override IEnumerable<(string Key, double Value)> Report(IReadOnlyList<string> keys, IReadOnlyList<(double Weight, Tensor Value)> terms)
    {
        IEnumerable<(string, double)> own = objective.Hard > 0 ? [(DetectionColumns.Box, _items.Box), (DetectionColumns.Class, _items.Class), (DetectionColumns.Distribution, _items.Distribution)] : [];
        return own.Concat(keys.Zip(terms, (key, term) => (key, term.Value)).Where(term => term.key != DetectionObjective.Own).Select(term => (term.key, term.Value.ToDouble())));
    }

    /// <summary>Pixels of 0 to 1 as the student's card wants them.</summary>
    private Tensor Normalized(Tensor pixels)
    {
        if (input.Mean.All(value => value == 0) && input.Deviation.All(value => value == 1))
        {
            return pixels;
        }

        var mean = tensor([.. input.Mean], pixels.dtype, pixels.device).reshape(1, -1, 1, 1);
        var deviation = tensor([.. input.Deviation], pixels.dtype, pixels.device).reshape(1, -1, 1, 1);
        return pixels.sub(mean).div(deviation);
    }

    /// <summary>The pictures in the size the student sees, for the teacher.</summary>
    private DetectionBatch Scaled(Tensor pixels)
    {
        using var bytes = pixels.mul(Number.Of(255.0)).round().clamp(Number.Of(0.0), Number.Of(255.0)).to(ScalarType.Byte, CPU).contiguous();
        return new()
        {
            Count = batch.Count,
            Pixels = bytes.data<byte>().ToArray(),
            Size = ((int)pixels.shape[2], (int)pixels.shape[3]),
            Targets = batch.Targets,
            Indices = batch.Indices,
            UnlabelledCount = batch.UnlabelledCount,
        };
    }

    private static long RoundedUp(double side) => (long)Math.Ceiling(side / Stride) * Stride;
}
