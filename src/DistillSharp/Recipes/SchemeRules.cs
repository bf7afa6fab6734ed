using YamlDotNet.RepresentationModel;

namespace DistillSharp.Recipes;

/// <summary>What holds between the schemes of a recipe: who teaches whom, and from what.</summary>
internal static class SchemeRules
{
    public static void Check(RecipeBinder bound, YamlMappingNode root, RecipeSource source)
    {
        var recipe = bound.Made<Recipe>();
        if (recipe is null)
        {
            return;
        }

        void Report(string key, string message) => source.Report(RecipeRules.Find(root, key), message);
        bool taught = recipe.Teacher.Exists;
        if (recipe.Ensemble is not null && !taught)
        {
            Report("ensemble", "An 'ensemble' goes with a 'teacher', its first one, which is missing here.");
        }

        if (recipe.Assistants.Count > 0 && !taught)
        {
            Report("assistants", "'assistants' are taught by a 'teacher', which is missing here.");
        }

        if (recipe.Generations > 1 && !taught)
        {
            Report("generations", "'generations' begin with a 'teacher': the student's own model, trained alone, for born-again networks.");
        }

        if (recipe.Mutual is not null && (taught || recipe.SelfTeacher is not null))
        {
            Report("mutual", "In mutual learning the students are each other's teachers: leave 'teacher' and 'self-teacher' out.");
        }

        if (recipe.SelfTeacher is not null && taught)
        {
            Report("self-teacher", "The student's own average is its teacher: leave 'teacher' out.");
        }

        if (recipe.Ensemble is { } ensemble)
        {
            if (ensemble.Members.Any(member => (member.Model is null) == (member.Weights is null)))
            {
                Report("ensemble", "Each member of an ensemble needs 'model' (it is trained first) or 'weights' (a finished ONNX file), and not both.");
            }

            bool weighted = ensemble.Combine == Teachers.EnsembleCombination.Weighted;
            if (weighted && (ensemble.Weights.Count != ensemble.Members.Count + 1 || ensemble.Weights.Sum() <= 0))
            {
                Report("ensemble", $"'weights' must tell how much each of the {ensemble.Members.Count + 1} teachers counts, the first one's first, not all 0.");
            }

            if (!weighted && ensemble.Weights.Count > 0)
            {
                Report("ensemble", "'weights' go with 'combine: weighted'.");
            }
        }

        if (recipe.Data.Unlabelled is not null && recipe.Distillation.Hard > 0)
        {
            Report("data", "Pictures of 'unlabelled' have no hard labels: set distillation.hard to 0.");
        }

        if (recipe.Data is { Unlabelled: not null, Labels: not null })
        {
            Report("data", "'labels' takes labels away from the training images, and 'unlabelled' replaces these images by a folder. Give one of the two.");
        }

        if (recipe.Distillation is { Hard: 0 } settings && settings.Losses.All(loss => loss.Options is Losses.DistillationLossOptions { Weight: 0 }))
        {
            Report("distillation", "There is nothing to learn from: the hard labels and every distillation loss have weight 0.");
        }

        foreach (var stage in recipe.Distillation.Stages.Where(stage => stage.Hard == 0 && stage.Losses.All(loss => loss.Options is Losses.DistillationLossOptions { Weight: 0 })))
        {
            Report("distillation", "A stage has nothing to learn from: the hard labels and every loss have weight 0.");
        }
    }
}
