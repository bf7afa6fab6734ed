using System.Globalization;
using DistillSharp.Losses;
using DistillSharp.Plugins;
using DistillSharp.Recipes;

namespace DistillSharp.Reports;

/// <summary>What a recipe's distillation is, in words: what a control is without.</summary>
internal static class DistillationText
{
    /// <summary>The losses with weight, key and temperature: <c>0.9 kd (T 4)</c>.</summary>
    public static IEnumerable<string> Losses(IEnumerable<PluginChoice<DistillationLoss>> choices, PluginCatalogs plugins)
    {
        foreach (var choice in choices)
        {
            using var loss = plugins.Losses.Create(choice);
            yield return string.Create(CultureInfo.InvariantCulture, $"{loss.Weight:0.####} {choice.Key}{(loss is TemperedLoss ? $" (T {loss.Temperature.ToString("0.####", CultureInfo.InvariantCulture)})" : "")}");
        }
    }

    /// <summary>Everything that a run has and its control has not, a line each.</summary>
    public static IEnumerable<string> Of(Recipe recipe, PluginCatalogs plugins)
    {
        var settings = recipe.Distillation;
        foreach (string loss in Losses(settings.Losses, plugins))
        {
            yield return $"+ {loss}";
        }

        foreach (var choice in settings.Losses)
        {
            using var loss = plugins.Losses.Create(choice);
            if (loss.BringsPredictor)
            {
                yield return $"~ the student's file ends in what {choice.Key} brings, and is larger by it";
            }
        }

        foreach (var stage in settings.Stages)
        {
            yield return $"+ first, for {(stage.Training ?? recipe.Training).Epochs} epochs: {string.Join(" + ", Losses(stage.Losses, plugins).Prepend(string.Create(CultureInfo.InvariantCulture, $"{stage.Hard:0.####} hard")))}";
        }

        (bool There, string Text)[] schemes =
        [
            (recipe.Ensemble is not null, $"{recipe.Ensemble?.Members.Count + 1} teachers, combined by {RecipeNames.Of($"{recipe.Ensemble?.Combine}")}"),
            (recipe.Assistants.Count > 0, $"assistants: {string.Join(", ", recipe.Assistants.Select(assistant => assistant.Model.Key))}"),
            (recipe.Generations > 1, $"{recipe.Generations} generations"),
            (recipe.Mutual is not null, $"peers that learn with it: {string.Join(", ", recipe.Mutual?.Peers.Select(peer => peer.Key) ?? [])}"),
            (recipe.SelfTeacher is not null, "its own average as its teacher"),
            (settings.Balance is not null, "weights that follow the gradients"),
            (recipe.Data is { Labels: not null, Rest: RestUse.Unlabeled }, "the training images without labels, answered by the teacher"),
            (recipe.Data.Unlabelled is not null, "pictures without labels instead of the training data"),
        ];
        foreach (var (there, text) in schemes.Where(scheme => scheme.There))
        {
            yield return $"+ {text}";
        }

        if (settings.Hard != 1)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"~ hard labels with weight {settings.Hard:0.####} instead of 1");
        }
    }
}
