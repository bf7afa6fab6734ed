using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Losses;
using DistillSharp.Recipes;
using DistillSharp.Runtime;
using DistillSharp.Taps;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Runs;

/// <summary>Holds a recipe's losses against its models before anything is trained: every tap is found, every pair of shapes can meet.</summary>
internal static class DistillationCheck
{
    /// <summary>Checks every distillation of a run.</summary>
    /// <returns>The pairs of taps, in sentences.</returns>
    /// <exception cref="DataException">A loss cannot be used with these models, or a further teacher means other classes.</exception>
    public static IReadOnlyList<string> Run(Recipe recipe, DistillerOptions options, ImageDataset data)
    {
        if (!recipe.IsDistilled(options.Plugins))
        {
            return [];
        }

        foreach (string file in (recipe.Ensemble?.Members ?? []).Select(member => member.Weights).OfType<string>())
        {
            using var session = ModelSession.Open(file, new() { Threads = recipe.Threads });
            FinishedTeacher.Check(session, new() { Weights = file }, data);
        }

        int batch = recipe.Training.Batch;
        var (_, graph, input) = ModelFactory.Student(recipe, options, data);
        var student = new TapModel("student", graph, input, batch);
        if (recipe.Mutual is not null || recipe.SelfTeacher is not null || !recipe.Teacher.Exists)
        {
            return Check(recipe, options, student, recipe.Teacher.Exists || recipe.Mutual is not null || recipe.SelfTeacher is not null ? student : null);
        }

        var teacher = Teacher(recipe, options, data, batch);
        foreach (var assistant in recipe.Assistants)
        {
            var model = new TapModel("assistant", ModelFactory.Build(assistant.Model, data, options.Plugins), data.Input, batch);
            Check(recipe, options, model, teacher);
            teacher = model;
        }

        return Check(recipe, options, student, teacher);
    }

    private static List<string> Check(Recipe recipe, DistillerOptions options, TapModel student, TapModel? teacher)
    {
        var notes = new List<string>();
        var settings = recipe.Distillation;
        foreach (var (hard, losses) in settings.Stages.Select(stage => (stage.Hard, stage.Losses)).Append((settings.Hard, settings.Losses)))
        {
            using var plan = DistillationPlan.Of(losses, options.Plugins, student, teacher);
            RequireWhatThereIs(recipe, plan);
            notes.AddRange(plan.Notes);
            if (PredictorRules.Check(recipe, plan, hard, ReferenceEquals(losses, settings.Losses), student, teacher) is { } remark)
            {
                notes.Add(remark);
            }
        }

        return notes;
    }

    /// <summary>Refuses losses that read what pictures with one class each do not have, and those of a finished teacher's weights where there is none.</summary>
    private static void RequireWhatThereIs(Recipe recipe, DistillationPlan plan)
    {
        const LossInput Absent = LossInput.Mask | LossInput.RowWeights | LossInput.Boxes | LossInput.TeacherScores | LossInput.StudentMaps | LossInput.TeacherBoxes;
        foreach (var term in plan.Terms)
        {
            var missing = term.Loss.Needs.Inputs & Absent;
            if (missing != LossInput.None)
            {
                throw new DataException($"The loss '{term.Key}' needs {LossChecks.Words(missing)}, which pictures with one class each do not have.");
            }

            if (recipe.Data is { Labels: not null, Rest: RestUse.Unlabeled } && term.Loss.Needs.Uses(LossInput.Indices))
            {
                throw new DataException($"The loss '{term.Key}' needs the class of every training image, but 'data.labels' keeps {recipe.Data.Labels:N0}. Choose a loss of logits or features, or set data.rest=unused.");
            }

            if (recipe.SelfTeacher is not null && term.Loss.Needs.Asks(LossInput.TeacherClassifier))
            {
                throw new DataException($"The loss '{term.Key}' uses a trained teacher's last layer, but a student that is its own teacher has none yet.");
            }
        }
    }

    private static TapModel Teacher(Recipe recipe, DistillerOptions options, ImageDataset data, int batch)
    {
        if (recipe.Teacher.Model is { } model)
        {
            return new("teacher", ModelFactory.Build(model, data, options.Plugins), data.Input, batch);
        }

        string file = recipe.Teacher.Weights!;
        using var session = ModelSession.Open(file, new() { Threads = recipe.Threads });
        return new("teacher", OnnxFile.Load(file), FinishedTeacher.Check(session, recipe.Teacher, data).Input, batch);
    }
}
