using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Losses;
using DistillSharp.Plugins;
using DistillSharp.Recipes;
using DistillSharp.Taps;
using DistillSharp.Tasks;
using DistillSharp.Teachers;
using DistillSharp.Training;

namespace DistillSharp.Runs;

/// <summary>Distils one model of one seed: stage by stage, from one teacher or several.</summary>
/// <param name="context">The seed.</param>
/// <param name="teachers">The teachers, the first one's features are tapped; none where no loss needs one.</param>
internal sealed class StudentDistillation(SeedContext context, IReadOnlyList<CheckedTeacher> teachers)
{
    /// <summary>Trains the model.</summary>
    /// <param name="name">The stage: <c>distilled</c>, <c>assistant-1</c>.</param>
    /// <param name="model">The model's key or file.</param>
    /// <param name="graph">The model, its weights drawn.</param>
    /// <param name="training">How its last stage is trained.</param>
    /// <param name="cancellation">Stops after the current step.</param>
    public StageResult Distil(string name, string model, ModelGraph graph, TrainingOptions training, CancellationToken cancellation)
    {
        var settings = context.Recipe.Distillation;
        for (int i = 0; i < settings.Stages.Count; i++)
        {
            var stage = settings.Stages[i];
            var done = Run(StageName(name, i + 1), model, graph, stage.Training ?? training, stage.Hard, stage.Losses, cancellation);
            graph = Graph.Format.OnnxFile.Load(done.Path);
        }

        return Run(name, model, graph, training, settings.Hard, settings.Losses, cancellation);
    }

    /// <summary>What a stage that comes before a model's main distillation is called.</summary>
    /// <param name="name">The model: <c>distilled</c>.</param>
    /// <param name="number">Which one, 1-based.</param>
    public static string StageName(string name, int number) => string.Create(CultureInfo.InvariantCulture, $"{name}-stage-{number}");

    private StageResult Run(string name, string model, ModelGraph graph, TrainingOptions training, double hard, IReadOnlyList<PluginChoice<DistillationLoss>> losses, CancellationToken cancellation)
    {
        context.Begin(name);
        var student = new TapModel("student", graph, context.Input, training.Batch);
        var taught = teachers.Count > 0 ? new TapModel("teacher", teachers[0].Graph(), teachers[0].Input, training.Batch) : null;
        using var plan = DistillationPlan.Of(losses, context.Options.Plugins, student, taught);
        using var teacher = Teacher(plan.TeacherTaps);
        bool remembered = teacher is not null && training.Augment.Count == 0 && plan.Terms.All(term => term.Loss.Needs.LogitsOnly) && !ByLabel;
        using var cached = remembered ? new CachedTeacher(teacher!, context.Samples.Transfer, context.Loading(256), context.Work("asking the teacher", context.Samples.Transfer.Count), cancellation) : null;
        var objective = new Objective(hard, training.LabelSmoothing, (Teacher?)cached ?? teacher, plan.Terms) { Balance = BalanceOf(context.Recipe.Distillation.Balance) };
        return context.TrainModel(name, model, graph, training, objective, asTeacher: false, CheckedTeacher.Best(teachers), plan.Terms.Any(term => term.Loss.BringsPredictor) ? OriginOfEnd() : null, cancellation);
    }

    /// <summary>Whether the teachers are weighed by the labels, so that their answers alone cannot be remembered.</summary>
    private bool ByLabel => context.Recipe.Ensemble?.Combine == EnsembleCombination.Confidence;

    /// <summary>Whose last layer the student's file ends in, and under what licence that is.</summary>
    private Dictionary<string, string> OriginOfEnd()
    {
        var origin = new Dictionary<string, string> { ["classifier"] = $"the last layer of {teachers[0].Stage.ModelName}" };
        if (ModelCard.FromMetadata(teachers[0].Graph().Metadata.ToDictionary())?.Provenance.GetValueOrDefault("license") is { } licence)
        {
            origin["license"] = licence;
        }

        return origin;
    }

    private Teacher? Teacher(IReadOnlyList<string> taps)
    {
        if (teachers.Count == 0)
        {
            return null;
        }

        var first = teachers[0].Open(context, taps);
        return teachers.Count == 1 || context.Recipe.Ensemble is not { } ensemble ? first
            : new TeacherEnsemble([first, .. teachers.Skip(1).Select(one => one.Open(context, []))], ensemble.Combine, ensemble.Weights, ensemble.Temperature);
    }

    internal static GradientBalance? BalanceOf(BalanceSettings? settings) => settings is null ? null : new(settings.Every, settings.Smoothing);
}
