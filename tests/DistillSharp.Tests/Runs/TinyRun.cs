using DistillSharp.Graph.Zoo;
using DistillSharp.Observers;
using DistillSharp.Recipes;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Runs;

/// <summary>Whole runs that take a moment: 300 drawn characters, fully connected models, few epochs.</summary>
internal static class TinyRun
{
    /// <summary>A recipe with teacher, control and distilled student.</summary>
    public static Recipe Recipe { get; } = RecipeReader.Parse("""
        name: tiny
        threads: 1
        data: {set: {glyphs: {train: 300, test: 200}}, workers: 0}
        teacher:
          model: {mlp: {widths: [64]}}
          training: {epochs: 8, batch: 32}
        student:
          model: {mlp: {widths: [16]}}
        training: {epochs: 3, batch: 32}
        evaluation: {profile: false}
        """);

    public static int TeacherEpochs => Recipe.Teacher.Training!.Epochs;

    public static MlpOptions Student => (MlpOptions)Recipe.Student.Model!.Options!;

    /// <summary>Runs a recipe in a folder named <c>run</c>.</summary>
    public static DistillerResult Run(this TemporaryFolder folder, Recipe recipe, params IReadOnlyList<TrainingObserver> observers) =>
        Distiller.Run(recipe, new() { Folder = folder["run"], Observers = observers }, TestContext.Current.CancellationToken);

    /// <summary>Goes on with the run in the folder.</summary>
    public static DistillerResult Resume(this TemporaryFolder folder, Recipe recipe, params IReadOnlyList<TrainingObserver> observers) =>
        Distiller.Run(recipe, new() { Folder = folder["run"], Resume = true, Observers = observers }, TestContext.Current.CancellationToken);
}
