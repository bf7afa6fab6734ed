using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Recipes;
using DistillSharp.Runtime;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;
using DistillSharp.Teachers;
using DistillSharp.Training;

namespace DistillSharp.Runs;

/// <summary>A teacher's file that scored what it should on held-out samples.</summary>
/// <param name="Stage">The file, and how it was trained.</param>
/// <param name="Input">The pictures it wants.</param>
/// <param name="Probabilities">Whether it answers probabilities.</param>
/// <param name="Top1">The share of held-out samples that it gets right.</param>
internal sealed record CheckedTeacher(StageResult Stage, ImageInput Input, bool Probabilities, double Top1)
{
    /// <summary>Trains a teacher, or takes a finished file, and checks it.</summary>
    /// <param name="context">The seed.</param>
    /// <param name="name">The stage: <c>teacher</c>, <c>teacher-2</c>.</param>
    /// <param name="settings">The teacher.</param>
    /// <param name="offset">What is added to the seed of its weights.</param>
    /// <param name="cancellation">Stops after the current step.</param>
    /// <exception cref="WeakTeacherException">It scores at chance or below its floor.</exception>
    public static CheckedTeacher Prepare(SeedContext context, string name, TeacherSettings settings, int offset, CancellationToken cancellation)
    {
        context.Begin(name);
        StageResult stage;
        if (settings.Weights is { } file)
        {
            stage = new(name, Path.GetFileName(file), InOrder(context, name, file), null);
        }
        else
        {
            var graph = ModelFactory.Build(settings.Model!, context.Data, context.Options.Plugins);
            WeightInitializer.Draw(graph, context.Seed + offset);
            stage = context.TrainModel(name, settings.Model!.Key, graph, context.Recipe.ResolvedTeacherTraining, null, asTeacher: true, settings is { Floor: > 0, AllowWeak: false } ? settings.Floor : null, origin: null, cancellation);
        }

        return Check(context, stage, settings, cancellation);
    }

    /// <summary>A file whose classes are in the data's order: the file itself, or a copy of it in the run's folder.</summary>
    /// <exception cref="DataException">It tells other classes apart.</exception>
    private static string InOrder(SeedContext context, string name, string file)
    {
        var graph = OnnxFile.Load(file);
        var card = ModelCard.FromMetadata(new Dictionary<string, string>(graph.Metadata));
        var order = TeacherCheck.RequireSameClasses(card?.ClassNames, context.Data.ClassNames);
        if (order.IsIdentity)
        {
            return file;
        }

        context.Tell(order.Note!);
        string path = Path.Combine(context.Folder.Stage(context.Seed, name), "weights", "reordered.onnx");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        OnnxFile.Save(ClassReordering.Apply(graph, order, context.Data.ClassNames), path);
        return path;
    }

    /// <summary>Checks a teacher's file.</summary>
    public static CheckedTeacher Check(SeedContext context, StageResult stage, TeacherSettings settings, CancellationToken cancellation)
    {
        using var session = ModelSession.Open(stage.Path, new() { Threads = context.Recipe.Threads });
        var finished = FinishedTeacher.Check(session, settings, context.Data);
        var examined = Evaluator.Evaluate(session, context.Samples.HeldOut, context.Loading(256) with { Input = finished.Input }, progress: context.Work($"checking the {stage.Name}", context.Samples.HeldOut.Count), cancellation: cancellation);
        FinishedTeacher.RequireClasses(examined.ClassCount, context.Data);
        foreach (string note in FinishedTeacher.Remark(examined) is { } remark ? [.. finished.Notes, remark] : finished.Notes)
        {
            context.Tell(note);
        }

        string? complaint = TeacherCheck.Complaint(examined.Score.Top1, context.Data.ClassNames.Count, examined.Score.Count, settings.Floor);
        if (complaint is not null && !settings.AllowWeak)
        {
            throw new WeakTeacherException(complaint);
        }

        context.Tell(complaint ?? string.Create(CultureInfo.InvariantCulture, $"the {stage.Name} gets {examined.Score.Top1:P2} of {examined.Score.Count:N0} held-out samples right"));
        return new(stage with { Input = session.Card is null ? finished.Input : null }, finished.Input, examined.FromProbabilities, examined.Score.Top1);
    }

    /// <summary>The best share of held-out samples that one of several teachers gets right; null where there is none.</summary>
    public static double? Best(IReadOnlyList<CheckedTeacher> teachers) => teachers.Count == 0 ? null : teachers.Max(teacher => teacher.Top1);

    /// <summary>The graph of its file.</summary>
    public ModelGraph Graph() => OnnxFile.Load(Stage.Path);

    /// <summary>Opens it as a teacher of the student's batches.</summary>
    /// <param name="context">The seed.</param>
    /// <param name="taps">The values that losses compare.</param>
    public SessionTeacher Open(SeedContext context, IReadOnlyList<string> taps)
    {
        var options = new ModelSessionOptions { Threads = context.Recipe.Threads };
        var session = taps.Count == 0 ? ModelSession.Open(Stage.Path, options) : ModelSession.Open(OnnxFile.Serialize(new TapPass(taps).Apply(Graph()).Graph), options);
        return new(session, context.Input, context.Data.ClassNames.Count, Input, Probabilities, taps);
    }
}
