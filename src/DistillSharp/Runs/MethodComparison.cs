using System.Globalization;
using DistillSharp.Recipes;
using DistillSharp.Reports;

namespace DistillSharp.Runs;

/// <summary>
/// Compares recipes that differ in their distillation alone: one teacher, one control, the same split and seeds for all. Each part is a run in a folder of its own, so that a
/// comparison that was interrupted goes on where it stopped.
/// </summary>
public static class MethodComparison
{
    private const string TeacherName = "teacher", ControlName = "control";

    /// <summary>Runs a comparison.</summary>
    /// <param name="recipes">The recipes, each with a name of its own; their data, teacher, student and training are the same.</param>
    /// <param name="seeds">Seeds of the control and of every recipe, from the first recipe's on; 1 or more.</param>
    /// <param name="folder">Where it is written; what is there already is gone on with.</param>
    /// <param name="options">Who watches, plug-ins, and a data set or student of one's own; its folder is not used.</param>
    /// <param name="cancellation">Stops after the step that is running.</param>
    /// <returns>The comparison, which is also in the folder: <c>comparison.md</c> and <c>comparison.json</c>.</returns>
    /// <exception cref="ArgumentException">The recipes differ in more than their distillation, or share a name; the message lists what differs.</exception>
    /// <exception cref="Tasks.Data.DataException">The data is absent or broken, or a recipe does not fit it or the models; nothing was trained.</exception>
    public static ComparisonReport Run(IReadOnlyList<Recipe> recipes, int seeds, string folder, DistillerOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(recipes);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
        options ??= new();
        (recipes, folder) = ([.. recipes.Select(RecipePaths.InFull)], Path.GetFullPath(folder));
        Check(recipes, options);
        bool done = recipes.Select(recipe => recipe.Name).Append(ControlName).Concat(recipes[0].Teacher.Weights is null ? [TeacherName] : []).All(name => File.Exists(Path.Combine(folder, name, "report.json")));
        foreach (var recipe in done ? [] : recipes)
        {
            // All of them before the first is trained; the data is the same, and opened once.
            var (data, _) = Distiller.Check(recipe, options with { Plugins = options.Plugins.WithFiles(recipe.Plugins) }, cancellation);
            options = options with { Dataset = data };
        }

        var common = recipes[0] with { Seeds = seeds, Control = false, Evaluation = new() { Profile = false } };
        common = common with { Data = common.Data with { SplitSeed = common.Data.SplitSeed ?? common.Seed } };
        var alone = common with { Teacher = new(), Ensemble = null, Assistants = [], Generations = 1, Distillation = new() };

        var teacherRecipe = TeacherRecipe(alone, recipes[0]);
        var controlRecipe = alone with { Name = ControlName, Training = recipes[0].ResolvedControlTraining, ControlTraining = null, ControlEpochs = 0 };
        bool trained = recipes[0].Teacher.Weights is null;
        Recipe Method(Recipe recipe, string weights) => common with { Name = recipe.Name, Distillation = recipe.Distillation, Teacher = recipe.Teacher with { Model = null, Training = null, Weights = weights } };
        Recipe[] parts = [.. trained ? [teacherRecipe] : Array.Empty<Recipe>(), controlRecipe, .. recipes.Select(recipe => Method(recipe, TeacherName))];
        options = options with { Stages = StagePlan.Of(parts.Select(part => (part.Name, part)), options.Plugins, options.Observers) };

        var teacherReport = trained ? Part(teacherRecipe, folder, options with { Student = null }, cancellation) : null;
        string teacher = recipes[0].Teacher.Weights ?? Path.GetFullPath(teacherReport!.Variants[0].File, Path.Combine(folder, TeacherName));
        var control = Part(controlRecipe, folder, options, cancellation);
        var methods = new List<(Recipe Recipe, RunReport Report)>();
        foreach (var recipe in recipes)
        {
            methods.Add((recipe, Part(Method(recipe, teacher), folder, options, cancellation)));
        }

        var report = ComparisonReport.Of(teacherReport, control, methods, options.Plugins);
        RunFolder.WriteWhole(Path.Combine(folder, "comparison.json"), report.ToJson());
        RunFolder.WriteWhole(Path.Combine(folder, "comparison.md"), report.ToMarkdown());
        return report;
    }

    private static void Check(IReadOnlyList<Recipe> recipes, DistillerOptions options)
    {
        if (recipes.Count == 0)
        {
            throw new ArgumentException("A comparison needs one recipe or more.", nameof(recipes));
        }

        if (recipes.GroupBy(recipe => recipe.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two recipes are named '{twice.Key}'; the name tells them apart in the table.", nameof(recipes));
        }

        if (recipes.FirstOrDefault(recipe => recipe.Name is TeacherName or ControlName) is { } taken)
        {
            throw new ArgumentException($"A recipe is named '{taken.Name}', which the comparison calls its own part; give it another name.", nameof(recipes));
        }

        if (recipes.FirstOrDefault(recipe => !recipe.Teacher.Exists || recipe.Ensemble is not null || recipe.Assistants.Count > 0 || recipe.Generations > 1 || recipe.Mutual is not null || recipe.SelfTeacher is not null) is { } other)
        {
            throw new ArgumentException($"The recipe '{other.Name}' is not of one teacher and one student; a comparison is of losses with one teacher.", nameof(recipes));
        }

        foreach (var recipe in recipes.Skip(1))
        {
            var changes = RecipeDifference.Of(Common(recipes[0]), Common(recipe), options.Plugins);
            if (changes.Count > 0)
            {
                throw new ArgumentException(
                    $"The recipes '{recipes[0].Name}' and '{recipe.Name}' differ in more than their distillation: {string.Join("; ", changes.Take(5).Select(change => $"{change.Key} is {change.Left ?? "absent"} and {change.Right ?? "absent"}"))}. A comparison tells methods apart only where all else is the same.",
                    nameof(recipes));
            }
        }

        static Recipe Common(Recipe recipe) => recipe with { Name = "run", Distillation = new(), Seeds = 1 };
    }

    /// <summary>The teacher, trained as a model alone.</summary>
    private static Recipe TeacherRecipe(Recipe alone, Recipe first) =>
        alone with { Name = TeacherName, Seeds = 1, Data = alone.Data with { Labels = null, Omit = [], Unlabelled = null }, Student = new() { Model = first.Teacher.Model }, Training = first.ResolvedTeacherTraining };

    /// <summary>A part's report: read where the part is done, else run, from where it stopped.</summary>
    private static RunReport Part(Recipe recipe, string folder, DistillerOptions options, CancellationToken cancellation)
    {
        string own = Path.GetFullPath(Path.Combine(folder, recipe.Name));
        bool started = File.Exists(Path.Combine(own, "recipe.yaml"));
        if (started && File.Exists(Path.Combine(own, "report.json")))
        {
            var done = Read(folder, recipe.Name);
            if (done.Recipe != RecipeWriter.Write(recipe, options.Plugins.WithFiles(recipe.Plugins)))
            {
                throw new ArgumentException($"'{own}' holds the run of another recipe than the one that is compared now. Choose another folder (--out).");
            }

            options.Log?.Report(string.Create(CultureInfo.InvariantCulture, $"{recipe.Name} is done already"));
            return done;
        }

        return Distiller.Run(recipe, options with { Folder = own, Resume = started, Command = "distill compare", Stages = options.Stages?.Part(recipe.Name) }, cancellation).Report;
    }

    private static RunReport Read(string folder, string name) => RunReport.Parse(File.ReadAllText(Path.Combine(folder, name, "report.json")));
}
