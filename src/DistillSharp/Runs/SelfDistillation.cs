using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Losses;
using DistillSharp.Taps;
using DistillSharp.Teachers;
using DistillSharp.Training;

namespace DistillSharp.Runs;

/// <summary>Distils students without a finished teacher: from each other while they learn, or from the student's own average.</summary>
/// <param name="context">The seed.</param>
internal sealed class SelfDistillation(SeedContext context)
{
    /// <summary>Trains the student, and its peers where it has any.</summary>
    /// <param name="student">The student, its weights drawn.</param>
    /// <param name="cancellation">Stops after the current step.</param>
    public IReadOnlyList<StageResult> Distil((string Key, ModelGraph Graph) student, CancellationToken cancellation)
    {
        context.Begin("distilled");
        var (recipe, training) = (context.Recipe, context.Recipe.Training);
        var model = new TapModel("student", student.Graph, context.Input, training.Batch);
        using var plan = DistillationPlan.Of(recipe.Distillation.Losses, context.Options.Plugins, model, recipe.Mutual is null ? new TapModel("self-teacher", student.Graph, context.Input, training.Batch) : model);
        using Teacher teacher = recipe.Mutual is null ? Average(student.Graph, plan) : Peers(plan);
        var objective = new Objective(recipe.Distillation.Hard, training.LabelSmoothing, teacher, plan.Terms) { Balance = StudentDistillation.BalanceOf(recipe.Distillation.Balance) };
        var distilled = context.TrainModel("distilled", student.Key, student.Graph, training, objective, asTeacher: false, reference: null, origin: null, cancellation);
        return teacher is PeerTeacher peers ? [.. Finished(peers), distilled] : [distilled];
    }

    private EmaTeacher Average(ModelGraph graph, DistillationPlan plan) =>
        new(FrozenModules.Of(graph, context.Recipe.Training.Freeze), context.Recipe.SelfTeacher!.Decay, context.Data.ClassNames.Count, context.Recipe.Device, plan.TeacherTaps);

    private PeerTeacher Peers(DistillationPlan plan)
    {
        if (plan.Terms.FirstOrDefault(term => !term.Loss.Needs.LogitsOnly) is { } other)
        {
            throw new Tasks.Data.DataException($"The loss '{other.Key}' compares features, but students that teach each other compare logits. Take a loss of logits, such as kd.");
        }

        var graphs = new List<ModelGraph>();
        foreach (var peer in context.Recipe.Mutual!.Peers)
        {
            var graph = ModelFactory.Build(peer, context.Data, context.Options.Plugins);
            WeightInitializer.Draw(graph, context.Seed + (1000 * (graphs.Count + 1)));
            graphs.Add(graph);
        }

        return new(
            graphs,
            context.Recipe.Distillation.Hard,
            context.Recipe.Training,
            [.. graphs.Select(_ => (IReadOnlyList<DistillationLoss>)[.. context.Recipe.Distillation.Losses.Select(context.Options.Plugins.Losses.Create)])],
            context.Data.ClassNames.Count,
            context.Seed,
            context.Recipe.Device,
            context.Options.Plugins);
    }

    private IEnumerable<StageResult> Finished(PeerTeacher peers)
    {
        for (int i = 0; i < peers.Count; i++)
        {
            string path = Path.Combine(context.Folder.Stage(context.Seed, $"peer-{i + 1}"), "weights", "best.onnx");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var graph = peers.GraphOf(i);
            foreach (var (key, value) in new Tasks.ModelCard("classification", context.Data.ClassNames, context.Input).ToMetadata())
            {
                graph.Metadata[key] = value;
            }

            OnnxFile.Save(graph, path);
            yield return new($"peer-{i + 1}", context.Recipe.Mutual!.Peers[i].Key, path, null);
        }
    }
}
