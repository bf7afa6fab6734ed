using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Recipes;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Runs;

/// <summary>One seed of a run: teachers and their check, assistants, control, distilled student, tuned biases. The test set is not touched here.</summary>
internal sealed class SeedRun(SeedContext context)
{
    private readonly Recipe _recipe = context.Recipe;

    /// <summary>Who learns from what.</summary>
    public SeedSamples Samples => context.Samples;

    public IReadOnlyList<StageResult> Run(CancellationToken cancellation)
    {
        if (!_recipe.IsDistilled(context.Options.Plugins))
        {
            return Finish([Alone("student", _recipe.Training, null, cancellation)], cancellation);
        }

        var stages = new List<StageResult>();
        var teachers = Teachers(stages, cancellation);
        if (_recipe.Control)
        {
            stages.Add(Alone("control", _recipe.ResolvedControlTraining, CheckedTeacher.Best(teachers), cancellation));
        }

        if (_recipe.Mutual is not null || _recipe.SelfTeacher is not null)
        {
            stages.AddRange(new SelfDistillation(context).Distil(Drawn(), cancellation));
        }
        else
        {
            Generations(stages, teachers, cancellation);
        }

        if (_recipe.Distillation.TuneBias)
        {
            stages.Add(Tune(stages.Last(stage => stage.Name == "distilled"), cancellation));
        }

        return Finish(stages, cancellation);
    }

    /// <summary>The teachers of the student: the first with its ensemble, or the last assistant.</summary>
    private IReadOnlyList<CheckedTeacher> Teachers(List<StageResult> stages, CancellationToken cancellation)
    {
        if (!_recipe.Teacher.Exists)
        {
            return [];
        }

        List<CheckedTeacher> teachers = [CheckedTeacher.Prepare(context, "teacher", _recipe.Teacher, 0, cancellation)];
        foreach (var member in _recipe.Ensemble?.Members ?? [])
        {
            var settings = new TeacherSettings { Model = member.Model, Weights = member.Weights, Training = _recipe.Teacher.Training, Floor = _recipe.Teacher.Floor, AllowWeak = _recipe.Teacher.AllowWeak };
            teachers.Add(CheckedTeacher.Prepare(context, $"teacher-{teachers.Count + 1}", settings, 1000 * teachers.Count, cancellation));
        }

        stages.AddRange(teachers.Select(teacher => teacher.Stage));
        for (int i = 0; i < _recipe.Assistants.Count; i++)
        {
            var assistant = _recipe.Assistants[i];
            var graph = ModelFactory.Build(assistant.Model, context.Data, context.Options.Plugins);
            WeightInitializer.Draw(graph, context.Seed);
            var stage = new StudentDistillation(context, teachers).Distil($"assistant-{i + 1}", assistant.Model.Key, graph, assistant.Training ?? _recipe.Training, cancellation);
            stages.Add(stage);
            teachers = [CheckedTeacher.Check(context, stage, new() { AllowWeak = _recipe.Teacher.AllowWeak }, cancellation)];
        }

        return teachers;
    }

    /// <summary>Distils the student, each generation by the one before.</summary>
    private void Generations(List<StageResult> stages, IReadOnlyList<CheckedTeacher> teachers, CancellationToken cancellation)
    {
        for (int generation = 1; generation <= _recipe.Generations; generation++)
        {
            string name = generation == _recipe.Generations ? "distilled" : $"generation-{generation}";
            var (key, graph) = Drawn(generation - 1);
            stages.Add(new StudentDistillation(context, teachers).Distil(name, key, graph, _recipe.Training, cancellation));
            if (generation < _recipe.Generations)
            {
                teachers = [CheckedTeacher.Check(context, stages[^1], new() { AllowWeak = _recipe.Teacher.AllowWeak }, cancellation)];
            }
        }
    }

    private StageResult Alone(string name, Training.TrainingOptions training, double? reference, CancellationToken cancellation)
    {
        context.Begin(name);
        var (key, graph) = Drawn();
        return context.TrainModel(name, key, graph, training, null, asTeacher: false, reference, origin: null, cancellation);
    }

    /// <summary>The student with its weights: drawn from the seed, or its file's.</summary>
    private (string Key, ModelGraph Graph) Drawn(int offset = 0)
    {
        var (key, graph, _) = ModelFactory.Student(_recipe, context.Options, context.Data);
        if (_recipe.Student.Weights is null)
        {
            WeightInitializer.Draw(graph, context.Seed + (1000 * offset));
        }

        return (key, graph);
    }

    private List<StageResult> Finish(List<StageResult> stages, CancellationToken cancellation)
    {
        if (_recipe.Quantization is { } quantization)
        {
            context.Begin("int8");
            var student = stages[^1];
            string path = Path.Combine(context.Folder.Stage(context.Seed, "int8"), "weights", "best.onnx");
            var calibration = CalibrationSet.Draw(context.Samples.Transfer, context.Input, quantization.Samples, context.Seed, _recipe.Data.SkipBad);
            context.Tell(StudentQuantizer.Quantize(student.Path, path, quantization.ToOptions(_recipe.Threads), calibration, _recipe.Evaluation.Profile, context.Work("calibrating"), cancellation));
            stages.Add(new("int8", student.ModelName, path, null) { FloatPath = student.Path });
        }

        return stages;
    }

    private StageResult Tune(StageResult distilled, CancellationToken cancellation)
    {
        context.Begin("tuned");
        using var session = ModelSession.Open(distilled.Path, new() { Threads = _recipe.Threads });
        var heldOut = Evaluator.Evaluate(session, context.Samples.HeldOut, context.Loading(256), progress: context.Work("scoring held-out samples", context.Samples.HeldOut.Count), cancellation: cancellation);
        var offsets = BiasTuner.Find(heldOut, _recipe.Data.Omit);
        string path = Path.Combine(context.Folder.Stage(context.Seed, "tuned"), "weights", "best.onnx");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        OnnxFile.Save(BiasTuner.Apply(OnnxFile.Load(distilled.Path), offsets), path);
        foreach (var (tuned, offset) in offsets)
        {
            context.Tell(string.Create(
                CultureInfo.InvariantCulture, $"the bias of class '{context.Data.ClassNames[tuned]}' is changed by {offset:+0.000;-0.000}, chosen by all errors on {heldOut.Score.Count:N0} held-out samples"));
        }

        return distilled with { Name = "tuned", Path = path };
    }
}
