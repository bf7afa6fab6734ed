using System.Globalization;
using DistillSharp.Detection.Losses;
using DistillSharp.Graph.Format;
using DistillSharp.Recipes;
using DistillSharp.Runs;
using DistillSharp.Taps;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;

namespace DistillSharp.Detection.Distillation;

/// <summary>One repeat of a run: teachers, control, distilled student, INT8. The reported pictures are not looked at, but to refuse a teacher that finds nothing.</summary>
/// <param name="recipe">The run.</param>
/// <param name="options">Who watches.</param>
/// <param name="data">The data.</param>
/// <param name="folder">The run's folder.</param>
/// <param name="split">The repeat's pictures.</param>
internal sealed class DetectorRepeat(DetectionRecipe recipe, DetectionRunOptions options, DetectionDataset data, RunFolder folder, DetectionSplit split)
{
    private readonly List<string> _warnings = [];

    /// <summary>What the reader of the report must know, in sentences.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Trains the control, the student and what is made of it.</summary>
    /// <param name="teachers">The teachers, each checked.</param>
    /// <param name="unlabelled">Pictures without labels; null for none.</param>
    /// <param name="cancellation">Stops after the step that is running.</param>
    public IReadOnlyList<StageResult> Run(IReadOnlyList<CheckedDetector> teachers, IDetectionSource? unlabelled, CancellationToken cancellation)
    {
        var stages = teachers.Select(teacher => teacher.Stage).ToList();
        if (recipe.Control)
        {
            options.Stages?.Begin("control", split.Label);
            var control = Train(Stage("control", recipe.Model, recipe.Training), cancellation);
            stages.Add(control);
            Compare(teachers, control, cancellation);
        }

        stages.Add(Distil(teachers, unlabelled, cancellation));
        if (recipe.Quantization is { } quantization)
        {
            stages.Add(Quantize(stages[^1], quantization, cancellation));
        }

        return stages;
    }

    /// <summary>Makes the teachers of this repeat: trains those of the zoo, checks all.</summary>
    /// <param name="shared">Whether all repeats have them.</param>
    /// <param name="cancellation">Stops after the step that is running.</param>
    /// <exception cref="DistillSharp.Teachers.WeakTeacherException">One finds nothing, or less than its floor.</exception>
    public IReadOnlyList<CheckedDetector> Teachers(bool shared, CancellationToken cancellation)
    {
        var teachers = new List<CheckedDetector>();
        foreach (var settings in recipe.Teacher)
        {
            string name = teachers.Count == 0 ? "teacher" : string.Create(CultureInfo.InvariantCulture, $"teacher-{teachers.Count + 1}");
            options.Stages?.Begin(name, shared ? "" : split.Label);
            StageResult stage;
            if (settings.Model.IsFile)
            {
                stage = new(name, settings.Model.ToString(), settings.Model.Name, null);
            }
            else
            {
                var trained = Stage(name, settings.Model, settings.Training ?? recipe.Training) with { Seed = split.Seed + (1000 * (teachers.Count + 1)) };
                stage = Train(shared ? trained with { Name = name, Folder = Path.Combine(folder.Location, name) } : trained, cancellation);
            }

            var file = TeacherFile.Open(settings, stage.Path, data with { Train = split.Train }, recipe);
            teachers.Add(CheckedDetector.Check(stage, file, settings, recipe, split.Choosing ?? split.Reported, options, cancellation));
        }

        return teachers;
    }

    private StageResult Distil(IReadOnlyList<CheckedDetector> teachers, IDetectionSource? unlabelled, CancellationToken cancellation)
    {
        options.Stages?.Begin("distilled", split.Label);
        var stage = Stage("distilled", recipe.Model, recipe.Training);
        int side = recipe.Training.ImageSize, extra = Math.Max(1, (int)Math.Round(recipe.Training.Batch * (recipe.Unlabelled?.Ratio ?? 0)));
        var first = teachers[0].File;
        var settings = recipe.Distillation;
        using var plan = DetectionLossPlan.Of(
            DetectionLossPlan.LossesOf(settings, first, teachers.Count > 1), options.Plugins, new("student", stage.Model.Graph, new ImageInput(3, side, side, [0, 0, 0], [1, 1, 1]), recipe.Training.Batch), first);
        using var teacher = Merged([.. teachers.Select(one => one.File)], plan.Question);
        var cells = new CellSelection { Choice = settings.Cells, Confidence = settings.Confidence };
        return Train(
            stage with
            {
                Objective = loss => new(loss, settings.Hard, teacher, plan.Terms, cells) { Balance = StudentDistillation.BalanceOf(settings.Balance), KnownClasses = KnownClasses([.. teachers.Select(one => one.File)]) },
                Unlabelled = unlabelled,
                UnlabelledBatch = extra,
            },
            cancellation);
    }

    /// <summary>The classes that one teacher or another knows; null where that is all.</summary>
    /// <param name="files">The teachers.</param>
    public static IReadOnlyList<int>? KnownClasses(IReadOnlyList<TeacherFile> files)
    {
        int[] known = [.. Enumerable.Range(0, files[0].Classes.FromData.Length).Where(label => files.Any(file => file.Classes.FromData[label] >= 0))];
        return known.Length == files[0].Classes.FromData.Length ? null : known;
    }

    /// <summary>Opens teachers as one.</summary>
    /// <param name="files">The teachers.</param>
    /// <param name="question">What the first is asked for; the others are asked for boxes.</param>
    public static DetectionTeacher Merged(IReadOnlyList<TeacherFile> files, DetectionQuestion question)
    {
        if (files.Count == 1 || !question.Boxes)
        {
            return files[0].Open(question);
        }

        var opened = new List<DetectionTeacher>();
        try
        {
            foreach (var file in files)
            {
                opened.Add(file.Open(opened.Count == 0 ? question : new([], Maps: false, Boxes: true)));
            }

            double all = files.Sum(file => file.Weight);
            double[] knowing = [.. Enumerable.Range(0, files[0].Classes.FromData.Length).Select(label => files.Where(file => file.Classes.FromData[label] >= 0).Sum(file => file.Weight) / all)];
            return new MergedTeacher(opened, [.. files.Select(file => file.Weight)], knowing);
        }
        catch
        {
            opened.ForEach(teacher => teacher.Dispose());
            throw;
        }
    }

    private StageResult Quantize(StageResult student, QuantizationSettings settings, CancellationToken cancellation)
    {
        options.Stages?.Begin("int8", split.Label);
        string path = Path.Combine(folder.Location, split.Folder, "int8", "weights", "best.onnx");
        int side = recipe.Training.ImageSize;
        var (quantizer, how) = DetectorQuantizer.Calibrate(OnnxFile.Load(student.Path), split.Train, (side, side), settings.Samples, split.Seed, settings.ToOptions(recipe.Threads), recipe.SkipBad, options.Stages?.Work("calibrating"), cancellation);
        var quantized = quantizer.Quantize(cancellation: cancellation);
        quantized.Metadata["distillsharp.provenance.role"] = "int8";
        quantized.Metadata["distillsharp.provenance.quantization"] = how;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        OnnxFile.Save(quantized, path);
        Tell(string.Create(CultureInfo.InvariantCulture, $"{quantizer.Plan.Weighted.Count} of {quantizer.Plan.Weighted.Count + quantizer.Plan.FloatLayers} layers are INT8 ({how}); what decodes boxes stays in float"));
        return new("int8", student.ModelName, path, null) { FloatPath = student.Path };
    }

    private void Compare(IReadOnlyList<CheckedDetector> teachers, StageResult control, CancellationToken cancellation)
    {
        double alone = CheckedDetector.Score(control.Path, recipe, data, split.Choosing ?? split.Reported, options, cancellation);
        foreach (string warning in teachers.Select(teacher => teacher.WeakerThan(alone, split.Label)).OfType<string>())
        {
            _warnings.Add(warning);
            Tell($"warning: {warning}");
        }
    }

    private DetectorStage Stage(string role, DetectorChoice model, Training.DetectionTrainingOptions training) => new()
    {
        Name = $"{role} ({split.Label})",
        Role = role,
        Recipe = recipe,
        Folder = Path.Combine(folder.Location, split.Folder, role),
        Resume = options.Resume,
        Data = data with { Train = split.Train, Validation = split.Choosing ?? split.Reported },
        Model = TrainableDetector.Open(model, data.ClassNames, split.Seed, options.Plugins),
        Training = training,
        Seed = split.Seed,
        Validated = split.Choosing is not null,
    };

    private StageResult Train(DetectorStage stage, CancellationToken cancellation) => new(stage.Role, stage.Model.Name, stage.BestPath, stage.Train(options, cancellation));

    private void Tell(string text) => options.Log?.Report($"{split.Label}: {text}");
}
