using DistillSharp.Detection.Losses;
using DistillSharp.Execution;
using DistillSharp.Losses;
using DistillSharp.Tasks.Detection;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Detection.Distillation;

/// <summary>What one batch gives the losses of a detector. Each thing is made when the first loss asks for it; the tensors belong to the dispose scope this is used in.</summary>
internal sealed class DetectionInputs
{
    private static readonly DetectionLossOptions s_head = new() { Classes = 1 };

    private static int Bins => s_head.RegMax;

    private static int Sides => 4 * Bins;

    /// <summary>What can be given: what a batch of pictures with boxes has.</summary>
    public const LossInput Known = LossInput.Logits | LossInput.Features | LossInput.RowWeights | LossInput.Boxes | LossInput.TeacherScores | LossInput.StudentMaps | LossInput.TeacherBoxes | LossInput.TeacherNorms;

    private readonly DetectionObjective _objective;
    private readonly IReadOnlyList<Tensor> _maps;
    private readonly NamedTensors _outputs;
    private readonly DetectionBatch _batch;
    private readonly DetectionAnswers? _answers;
    private readonly IReadOnlyList<AnchorMatch> _matches;
    private readonly LossInputs _common;
    private readonly Dictionary<string, Tensor> _features = new(StringComparer.Ordinal);
    private readonly Lazy<(Tensor Student, Tensor Teacher, Tensor Weights)> _rows;
    private readonly Lazy<LossBoxes> _boxes;
    private readonly Lazy<Tensor> _scores, _teacherBoxes;

    public DetectionInputs(
        DetectionObjective objective, IReadOnlyList<Tensor> maps, NamedTensors outputs, DetectionBatch batch, DetectionAnswers? answers, IReadOnlyList<AnchorMatch> matches, TrainingMoment moment)
    {
        (_objective, _maps, _outputs, _batch, _answers, _matches) = (objective, maps, outputs, batch, answers, matches);
        _common = new() { Progress = moment.Progress, Epoch = moment.Epoch, Step = moment.Step };
        _rows = new(Rows);
        _boxes = new(Boxes);
        _scores = new(() => cat([.. _answers!.Maps.Select(map => map.narrow(1, Sides, map.shape[1] - Sides).flatten(2))], 2).to(_maps[0].dtype, _maps[0].device));
        _teacherBoxes = new(TeacherBoxes);
    }

    /// <summary>What a loss is given.</summary>
    public LossInputs For(LossTerm term)
    {
        var (needs, inputs) = (term.Loss.Needs, _common);
        if (term.StudentTaps.Count > 0)
        {
            inputs = inputs with { StudentFeatures = [.. term.StudentTaps.Select(tap => _outputs[tap])], TeacherFeatures = [.. term.TeacherTaps.Select(Feature)] };
        }

        inputs = needs.Uses(LossInput.Boxes) ? inputs with { Boxes = _boxes.Value } : inputs;
        inputs = needs.Uses(LossInput.TeacherScores) ? inputs with { TeacherScores = [_scores.Value] } : inputs;
        inputs = needs.Uses(LossInput.StudentMaps) ? inputs with { StudentMaps = _maps } : inputs;
        inputs = needs.Uses(LossInput.TeacherBoxes) ? inputs with { TeacherBoxes = _teacherBoxes.Value, TeacherClasses = _objective.KnownClasses } : inputs;
        return needs.Uses(LossInput.Logits) ? WithRows(inputs, needs) : inputs;
    }

    private LossInputs WithRows(LossInputs inputs, LossNeeds needs)
    {
        var (student, teacher, weights) = _rows.Value;
        bool sides = needs.Logits == LogitKind.BoxSides;
        Tensor Part(Tensor rows) => sides ? rows.narrow(1, 0, Sides).reshape(-1, Bins) : rows.narrow(1, Sides, rows.shape[1] - Sides);
        inputs = inputs with { StudentLogits = Part(student), TeacherLogits = Part(teacher) };
        return needs.Uses(LossInput.RowWeights) ? inputs with { RowWeights = sides ? weights.repeat_interleave(4) : weights } : inputs;
    }

    private Tensor Feature(string tap)
    {
        if (!_features.TryGetValue(tap, out var feature))
        {
            _features[tap] = feature = _answers!.Values[tap].to(_maps[0].dtype, _maps[0].device);
        }

        return feature;
    }

    /// <summary>The chosen cells' rows of both models, and how sure the teacher is of each.</summary>
    private (Tensor Student, Tensor Teacher, Tensor Weights) Rows()
    {
        var grid = new AnchorGrid(_maps.Select(map => ((int)map.shape[2], (int)map.shape[3])), s_head.Strides);
        Tensor[] taught = [.. _answers!.Maps.Select(map => map.to(_maps[0].dtype, _maps[0].device))];
        var cells = _objective.Cells.Choose(_matches, grid, taught, Sides);
        var teacher = cells.RowsOf(taught);
        return (cells.RowsOf(_maps), teacher, teacher.narrow(1, Sides, teacher.shape[1] - Sides).amax([1]).sigmoid());
    }

    private LossBoxes Boxes()
    {
        var (height, width) = _batch.Size;
        var targets = _batch.Targets.Span;
        int count = targets.Length / 6;
        float[] corners = new float[4 * count];
        long[] pictures = new long[count];
        for (int i = 0; i < count; i++)
        {
            var row = targets.Slice(6 * i, 6);
            pictures[i] = (long)row[0];
            (corners[4 * i], corners[(4 * i) + 1]) = ((row[2] - (row[4] / 2)) * width, (row[3] - (row[5] / 2)) * height);
            (corners[(4 * i) + 2], corners[(4 * i) + 3]) = ((row[2] + (row[4] / 2)) * width, (row[3] + (row[5] / 2)) * height);
        }

        return new(tensor(corners, [count, 4]), tensor(pictures), [.. Enumerable.Repeat((height, width), _batch.Count)]);
    }

    private Tensor TeacherBoxes()
    {
        var (height, width) = _batch.Size;
        var rows = new List<float>();
        for (int i = 0; i < _answers!.Boxes.Count; i++)
        {
            foreach (var found in _answers.Boxes[i])
            {
                var box = found.Box.ClippedTo(width, height);
                if (box.Width > 0 && box.Height > 0)
                {
                    rows.AddRange([i, found.ClassIndex, (box.Left + box.Right) / 2 / width, (box.Top + box.Bottom) / 2 / height, box.Width / width, box.Height / height, Math.Clamp(found.Confidence, 0, 1)]);
                }
            }
        }

        return TensorConversion.FromFloats(rows.ToArray(), [rows.Count / 7, 7], _maps[0].dtype, _maps[0].device);
    }
}
