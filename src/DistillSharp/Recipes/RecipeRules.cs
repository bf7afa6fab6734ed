using YamlDotNet.RepresentationModel;

namespace DistillSharp.Recipes;

/// <summary>What holds between a recipe's parts.</summary>
internal static class RecipeRules
{
    public static void Check(Recipe? recipe, YamlMappingNode root, RecipeSource source)
    {
        if (recipe is null)
        {
            return;
        }

        if (recipe.Teacher is { Model: null, Weights: null })
        {
            source.Report(Find(root, "teacher"), "The teacher needs 'model' (it is trained first) or 'weights' (a finished ONNX file).");
        }

        if (recipe.Teacher is { Model: not null, Weights: not null })
        {
            source.Report(Find(root, "teacher"), "The teacher has both 'model' and 'weights'; give the one that is meant: a finished file is not trained.");
        }

        if (recipe.Student is { Model: null, Weights: null } or { Model: not null, Weights: not null })
        {
            source.Report(Find(root, "student"), "The student needs 'model' (its weights are drawn) or 'weights' (an ONNX file to train on from), and not both.");
        }

        if (recipe.Distillation.TuneBias && recipe.Data.Omit.Count == 0)
        {
            source.Report(Find(root, "distillation"), "'tune-bias' tunes the biases of the omitted classes, but 'data.omit' names none.");
        }
    }

    private static YamlNode Find(YamlMappingNode root, string key) =>
        root.Children.Keys.FirstOrDefault(child => child is YamlScalarNode scalar && scalar.Value == key) ?? root;
}
