using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Native;
using DistillSharp.Tasks.Data;
using DistillSharp.Training;
using static TorchSharp.torch;

namespace DistillSharp.Teachers;

/// <summary>The moving average of the student's own weights as its teacher (mean teacher, Tarvainen and Valpola, arXiv:1703.01780). It sees the student's pictures in evaluation mode.</summary>
public sealed class EmaTeacher : Teacher
{
    private readonly GraphExecutor _executor;
    private readonly Average _average;

    /// <summary>Starts the average at a graph's weights.</summary>
    /// <param name="student">The student's graph.</param>
    /// <param name="decay">The decay of the average; it grows to it as (1 + n) / (10 + n).</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="taps">The values that losses compare, by name.</param>
    public EmaTeacher(ModelGraph student, double decay, int classes, string device = "cpu", IReadOnlyList<string>? taps = null)
    {
        ArgumentNullException.ThrowIfNull(student);
        LogitsName = student.Outputs[0].Name;
        ClassCount = classes;
        _executor = new(student, new() { Device = device, Wanted = [LogitsName, .. taps ?? []] });
        _average = new(_executor, decay);
    }

    /// <inheritdoc/>
    public override string LogitsName { get; }

    /// <inheritdoc/>
    public override int ClassCount { get; }

    /// <inheritdoc/>
    public override Companion? Companion => _average;

    /// <inheritdoc/>
    public override NamedTensors Teach(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var pixels = BatchTensors.Pixels(batch, _executor);
        return _executor.Evaluate(pixels);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _executor.Dispose();
        base.Dispose(disposing);
    }

    private sealed class Average(GraphExecutor executor, double decay) : Companion
    {
        public override string Name => "self-teacher";

        public override void OnUpdated(GraphExecutor student, long update)
        {
            using var guard = no_grad();
            double kept = Math.Min(decay, (1.0 + update) / (10.0 + update));
            Blend(executor.Weights.Values, student.Weights.Values, kept);
            Blend(executor.Statistics.Values, student.Statistics.Values, kept);
        }

        internal override void Save(IDictionary<string, TensorData> tensors, bool pending)
        {
            tensors[$"{Name}.weights"] = SavedTensors.ToData(executor.Weights.Values);
            tensors[$"{Name}.statistics"] = SavedTensors.ToData(executor.Statistics.Values);
        }

        internal override void Load(SavedTensors state, bool pending)
        {
            state.Copy($"{Name}.weights", executor.Weights.Values);
            state.Copy($"{Name}.statistics", executor.Statistics.Values);
        }

        private static void Blend(Tensor average, Tensor current, double kept)
        {
            average.mul_(Number.Of(kept));
            average.add_(current, Number.Of(1 - kept));
        }
    }
}
