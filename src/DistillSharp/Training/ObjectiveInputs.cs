using DistillSharp.Execution;
using DistillSharp.Losses;
using DistillSharp.Tasks.Data;
using static TorchSharp.torch;

namespace DistillSharp.Training;

/// <summary>What one batch gives the losses of an objective: the teacher is asked once, and its answers are brought to the student's precision once.</summary>
internal sealed class ObjectiveInputs : IDisposable
{
    private const string StrongKey = "\0strong";

    private readonly NamedTensors _outputs;
    private readonly LossInputs _common;
    private readonly Dictionary<string, Tensor> _taught = new(StringComparer.Ordinal);
    private readonly Tensor? _indices;
    private readonly string? _logitsName;

    public ObjectiveInputs(Objective objective, NamedTensors outputs, Tensor logits, Tensor labels, Batch batch, TrainingMoment moment, (Batch Batch, Tensor Logits)? strong = null)
    {
        _outputs = outputs;
        _common = new() { StudentLogits = logits, Labels = labels, Progress = moment.Progress, Epoch = moment.Epoch, Step = moment.Step };
        if (objective.Losses.Any(term => term.Loss.Needs.Uses(LossInput.Indices)))
        {
            long[] indices = new long[batch.Count];
            for (int i = 0; i < indices.Length; i++)
            {
                indices[i] = batch.Indices.Span[i];
            }

            _indices = TensorConversion.FromLabels(indices, logits.device);
            _common = _common with { Indices = _indices };
        }

        if (objective.Teacher is { } teacher && objective.Losses.Any(term => term.Loss.Needs.Teacher))
        {
            _logitsName = teacher.LogitsName;
            using var answers = teacher.Teach(batch, logits, labels, moment);
            foreach (string name in answers.Names)
            {
                using var moved = answers[name].to(logits.dtype, logits.device);
                _taught[name] = moved.alias();
            }

            _common = _common with { TeacherLogits = _taught[_logitsName] };
            if (strong is { } view)
            {
                using var seen = teacher.Teach(view.Batch);
                using var moved = seen[teacher.LogitsName].to(logits.dtype, logits.device);
                _taught[StrongKey] = moved.alias();
                _common = _common with { StudentStrongLogits = view.Logits, TeacherStrongLogits = _taught[StrongKey] };
            }
        }
    }

    /// <summary>What a loss is given.</summary>
    public LossInputs For(LossTerm term) => term.StudentTaps.Count == 0 ? _common : _common with
    {
        StudentFeatures = [.. term.StudentTaps.Select(tap => _outputs[tap])],
        TeacherFeatures = [.. term.TeacherTaps.Select(tap => _taught[tap])],
    };

    public void Dispose()
    {
        foreach (var tensor in _taught.Values)
        {
            tensor.Dispose();
        }

        _indices?.Dispose();
    }
}
