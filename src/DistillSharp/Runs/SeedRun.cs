using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Observers;
using DistillSharp.Recipes;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;
using DistillSharp.Teachers;
using DistillSharp.Training;

namespace DistillSharp.Runs;

/// <summary>One seed of a run: teacher, its check, control, distilled student, tuned biases. The test set is not touched here.</summary>
internal sealed class SeedRun
{
    private readonly Recipe _recipe;
    private readonly DistillerOptions _options;
    private readonly ImageDataset _data;
    private readonly RunFolder _folder;
    private readonly long _seed;
    private readonly SampleSubset _train, _heldOut;
    private readonly ISampleSource _transfer, _transferHeldOut;

    /// <summary>What the student's batches look like.</summary>
    private readonly ImageInput _input;

    public SeedRun(Recipe recipe, DistillerOptions options, ImageDataset data, RunFolder folder, long seed)
    {
        (_recipe, _options, _data, _folder, _seed) = (recipe, options, data, folder, seed);
        (_train, _heldOut) = SeededSplit.Split(data.Train, recipe.Data.Validation, seed);
        _input = ModelFactory.Student(recipe, options, data).Input;
        var omitted = recipe.Data.Omit.ToHashSet();
        _transfer = omitted.Count > 0 ? SampleSubset.Without(_train, omitted) : _train;
        _transferHeldOut = omitted.Count > 0 ? SampleSubset.Without(_heldOut, omitted) : _heldOut;
    }

    /// <summary>How many samples the teacher and the student learn from, and how many are held out.</summary>
    public (int Teacher, int Student, int HeldOut) Counts => (_train.Count, _transfer.Count, _heldOut.Count);

    public IReadOnlyList<StageResult> Run(CancellationToken cancellation)
    {
        if (!_recipe.Teacher.Exists)
        {
            return Finish([TrainStudent("student", null, cancellation)], cancellation);
        }

        var stages = new List<StageResult> { TrainTeacher(cancellation) };
        using var session = ModelSession.Open(stages[0].Path, new() { Threads = _recipe.Threads });
        var finished = FinishedTeacher.Check(session, _recipe.Teacher, _data);
        stages[0] = stages[0] with { Input = session.Card is null ? finished.Input : null };
        var examined = CheckTeacher(session, finished, cancellation);
        using var teacher = new SessionTeacher(session, _input, _data.ClassNames.Count, finished.Input, examined.FromProbabilities);
        if (_recipe.Control)
        {
            stages.Add(TrainStudent("control", null, cancellation));
        }

        var losses = _recipe.Distillation.Losses.Select(choice => (choice.Key, _options.Plugins.Losses.Create(choice))).ToList();
        using var cached = _recipe.Training.Augment.Count == 0 ? new CachedTeacher(teacher, _transfer, LoaderOptions(256), cancellation) : null;
        var objective = new Objective(_recipe.Distillation.Hard, _recipe.Training.LabelSmoothing, (Teacher?)cached ?? teacher, losses);
        stages.Add(TrainStudent("distilled", objective, cancellation));
        if (_recipe.Distillation.TuneBias)
        {
            stages.Add(Tune(stages[^1], cancellation));
        }

        return Finish(stages, cancellation);
    }

    private List<StageResult> Finish(List<StageResult> stages, CancellationToken cancellation)
    {
        if (_recipe.Quantization is { } quantization)
        {
            var student = stages[^1];
            string path = Path.Combine(_folder.Stage(_seed, "int8"), "weights", "best.onnx");
            var calibration = CalibrationSet.Draw(_transfer, _input, quantization.Samples, _seed, _recipe.Data.SkipBad);
            string told = StudentQuantizer.Quantize(student.Path, path, quantization.ToOptions(_recipe.Threads), calibration, _recipe.Evaluation.Profile, cancellation);
            _options.Log?.Report(string.Create(CultureInfo.InvariantCulture, $"seed {_seed}: {told}"));
            stages.Add(new("int8", student.ModelName, path, null) { FloatPath = student.Path });
        }

        return stages;
    }

    private StageResult TrainTeacher(CancellationToken cancellation)
    {
        if (_recipe.Teacher.Weights is { } file)
        {
            return new("teacher", Path.GetFileName(file), file, null);
        }

        var choice = _recipe.Teacher.Model!;
        var graph = ModelFactory.Build(choice, _data, _options.Plugins);
        WeightInitializer.Draw(graph, _seed);
        return Train("teacher", choice.Key, graph, _recipe.Teacher.Training ?? _recipe.Training, null, _train, _heldOut, cancellation);
    }

    private Evaluation CheckTeacher(ModelSession session, FinishedTeacher finished, CancellationToken cancellation)
    {
        var examined = Evaluator.Evaluate(session, _heldOut, LoaderOptions(256) with { Input = finished.Input }, cancellation: cancellation);
        FinishedTeacher.RequireClasses(examined.ClassCount, _data);
        foreach (string note in FinishedTeacher.Remark(examined) is { } remark ? [.. finished.Notes, remark] : finished.Notes)
        {
            _options.Log?.Report($"seed {_seed}: {note}");
        }

        string? complaint = TeacherCheck.Complaint(examined.Score.Top1, _data.ClassNames.Count, examined.Score.Count, _recipe.Teacher.Floor);
        if (complaint is not null && !_recipe.Teacher.AllowWeak)
        {
            throw new WeakTeacherException(complaint);
        }

        _options.Log?.Report(complaint ?? string.Create(CultureInfo.InvariantCulture, $"seed {_seed}: the teacher gets {examined.Score.Top1:P2} of {examined.Score.Count:N0} held-out samples right"));
        return examined;
    }

    private StageResult TrainStudent(string name, Objective? objective, CancellationToken cancellation)
    {
        var (key, graph, _) = ModelFactory.Student(_recipe, _options, _data);
        if (_recipe.Student.Weights is null)
        {
            WeightInitializer.Draw(graph, _seed);
        }

        return Train(name, key, graph, name == "control" ? _recipe.ResolvedControlTraining : _recipe.Training, objective, _transfer, _transferHeldOut, cancellation);
    }

    private StageResult Train(
        string name, string model, ModelGraph graph, TrainingOptions training, Objective? objective, ISampleSource data, ISampleSource heldOut, CancellationToken cancellation)
    {
        string folder = _folder.Stage(_seed, name);
        var card = new ModelCard("classification", _data.ClassNames, name == "teacher" ? _data.Input : _input)
        {
            Provenance = new Dictionary<string, string>
            {
                ["recipe"] = _recipe.Name,
                ["role"] = name,
                ["model"] = model,
                ["data"] = _data.Name,
                ["seed"] = _seed.ToString(CultureInfo.InvariantCulture),
            },
        };
        using var events = new TensorBoardObserver();
        var result = new Trainer(new ClassificationSetup
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"{name} (seed {_seed})"),
            Graph = graph,
            Card = card,
            Data = data,
            HeldOut = heldOut,
            Options = training,
            Objective = objective,
            Seed = _seed,
            Device = _recipe.Device,
            Workers = _recipe.Data.Workers,
            Threads = _recipe.Threads,
            SkipBad = _recipe.Data.SkipBad,
            Folder = folder,
            Resume = _options.Resume,
            Observers = [new CsvObserver(), events, .. _options.Observers],
            Plugins = _options.Plugins,
        }).Train(cancellation);
        return new(name, model, Path.Combine(folder, "weights", "best.onnx"), result);
    }

    private StageResult Tune(StageResult distilled, CancellationToken cancellation)
    {
        using var session = ModelSession.Open(distilled.Path, new() { Threads = _recipe.Threads });
        var heldOut = Evaluator.Evaluate(session, _heldOut, LoaderOptions(256), cancellation: cancellation);
        var offsets = BiasTuner.Find(heldOut, _recipe.Data.Omit);
        string path = Path.Combine(_folder.Stage(_seed, "tuned"), "weights", "best.onnx");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        OnnxFile.Save(BiasTuner.Apply(OnnxFile.Load(distilled.Path), offsets), path);
        foreach (var (tuned, offset) in offsets)
        {
            _options.Log?.Report(string.Create(
                CultureInfo.InvariantCulture, $"seed {_seed}: the bias of class '{_data.ClassNames[tuned]}' is changed by {offset:+0.000;-0.000}, chosen by all errors on {heldOut.Score.Count:N0} held-out samples"));
        }

        return distilled with { Name = "tuned", Path = path };
    }

    private BatchLoaderOptions LoaderOptions(int batch) => new() { Input = _input, BatchSize = batch, Workers = _recipe.Data.Workers, SkipBad = _recipe.Data.SkipBad };
}
