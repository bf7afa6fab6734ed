using System.Globalization;
using DistillSharp.Detection;
using DistillSharp.Observers;
using DistillSharp.Plugins;
using DistillSharp.Recipes;

namespace DistillSharp.Runs;

/// <summary>The stages of a run, known before the first begins, and whom they are told to. A run of several parts has one plan for all.</summary>
internal sealed class StagePlan
{
    /// <summary>The last stage: every variant is scored and profiled.</summary>
    public const string Measuring = "measuring";

    private readonly IReadOnlyList<string> _titles;
    private readonly IReadOnlyList<TrainingObserver> _observers;
    private readonly string _part;

    private StagePlan(IReadOnlyList<string> titles, IReadOnlyList<TrainingObserver> observers, string part = "") => (_titles, _observers, _part) = (titles, observers, part);

    /// <summary>The titles of the stages, in order.</summary>
    public IReadOnlyList<string> Titles => _titles;

    /// <summary>The stages of a recipe.</summary>
    public static StagePlan Of(Recipe recipe, PluginCatalogs plugins, IReadOnlyList<TrainingObserver> observers) => new([.. TitlesOf("", recipe, plugins)], observers);

    /// <summary>The stages of recipes that are run one after another, each as a part with a name of its own.</summary>
    public static StagePlan Of(IEnumerable<(string Part, Recipe Recipe)> parts, PluginCatalogs plugins, IReadOnlyList<TrainingObserver> observers) =>
        new([.. parts.SelectMany(one => TitlesOf(one.Part, one.Recipe, plugins.WithFiles(one.Recipe.Plugins)))], observers);

    /// <summary>The stages of a detector's recipe.</summary>
    public static StagePlan Of(DetectionRecipe recipe, IReadOnlyList<string> repeats, IReadOnlyList<TrainingObserver> observers) => new([.. TitlesOf(recipe, repeats)], observers);

    /// <summary>The same plan as one of its parts sees it.</summary>
    /// <param name="name">The part.</param>
    public StagePlan Part(string name) => new(_titles, _observers, name);

    /// <summary>Tells that a stage begins.</summary>
    /// <param name="stage">Its name: <c>control</c>.</param>
    /// <param name="repeat">The repeat: <c>seed 0</c>; empty for what all repeats share.</param>
    /// <exception cref="InvalidOperationException">The plan has no such stage.</exception>
    public void Begin(string stage, string repeat = "")
    {
        string title = Title(_part, stage, repeat);
        int index = _titles.TakeWhile(one => one != title).Count();
        var begun = index < _titles.Count ? new RunStage(index + 1, _titles.Count, title) : throw new InvalidOperationException($"The run's plan has no stage '{title}'; it has {string.Join(", ", _titles)}.");
        foreach (var observer in _observers)
        {
            observer.OnStage(begun);
        }
    }

    /// <summary>Passes on how far a piece of work of the stage is.</summary>
    /// <param name="doing">The work, in a few words.</param>
    /// <param name="count">Its size: told in shares, or in pieces of a count.</param>
    /// <param name="begin">The share of the stage's work that was done before it.</param>
    /// <param name="end">The share that is done with it.</param>
    public StageProgress Work(string doing, int count = 1, double begin = 0, double end = 1) => new(_observers, doing, count, begin, end);

    /// <summary>What a repeat of a seed is called.</summary>
    public static string Seed(long seed) => string.Create(CultureInfo.InvariantCulture, $"seed {seed}");

    private static string Title(string part, string stage, string repeat)
    {
        // A part is named after the one model that it is for.
        string what = part.Length == 0 ? stage : stage is "student" or "distilled" ? part : $"{part}, {stage}";
        return repeat.Length == 0 ? what : $"{what} ({repeat})";
    }

    private static IEnumerable<string> TitlesOf(string part, Recipe recipe, PluginCatalogs plugins)
    {
        string[] names = [.. Names(recipe, plugins)];
        return [.. Enumerable.Range(0, recipe.Seeds).SelectMany(i => names.Select(name => Title(part, name, Seed(recipe.Seed + i)))), Title(part, Measuring, "")];
    }

    private static IEnumerable<string> Names(Recipe recipe, PluginCatalogs plugins)
    {
        IEnumerable<string> Distilled(string name) => [.. Enumerable.Range(1, recipe.Distillation.Stages.Count).Select(i => StudentDistillation.StageName(name, i)), name];
        if (!recipe.IsDistilled(plugins))
        {
            return ["student", .. Quantized(recipe.Quantization)];
        }

        List<string> names = [];
        if (recipe.Teacher.Exists)
        {
            names.AddRange(Teachers(1 + (recipe.Ensemble?.Members.Count ?? 0)));
            names.AddRange(Enumerable.Range(1, recipe.Assistants.Count).SelectMany(i => Distilled($"assistant-{i}")));
        }

        names.AddRange(recipe.Control ? ["control"] : []);
        names.AddRange(recipe.Mutual is not null || recipe.SelfTeacher is not null ? ["distilled"] : Enumerable.Range(1, recipe.Generations).SelectMany(i => Distilled(i == recipe.Generations ? "distilled" : $"generation-{i}")));
        names.AddRange(recipe.Distillation.TuneBias ? ["tuned"] : []);
        return [.. names, .. Quantized(recipe.Quantization)];
    }

    private static IEnumerable<string> TitlesOf(DetectionRecipe recipe, IReadOnlyList<string> repeats)
    {
        if (!recipe.IsDistilled)
        {
            return [recipe.Name, Measuring];
        }

        bool shared = recipe.Folds is null && repeats.Count > 1;
        string[] teachers = [.. Teachers(recipe.Teacher.Count)], models = [.. recipe.Control ? ["control"] : Array.Empty<string>(), "distilled", .. Quantized(recipe.Quantization)];
        return [.. shared ? teachers : [], .. repeats.SelectMany(repeat => (shared ? models : [.. teachers, .. models]).Select(name => Title("", name, repeat))), Measuring];
    }

    private static IEnumerable<string> Teachers(int count) => Enumerable.Range(1, count).Select(i => i == 1 ? "teacher" : string.Create(CultureInfo.InvariantCulture, $"teacher-{i}"));

    private static IEnumerable<string> Quantized(QuantizationSettings? settings) => settings is null ? [] : ["int8"];
}
