using System.Globalization;
using DistillSharp.Detection.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;

namespace DistillSharp.Detection;

/// <summary>Which pictures of a set teach, which choose the best epoch and which are reported, in one repeat of a run.</summary>
/// <param name="Label">What tables call the repeat: <c>seed 0</c>, <c>fold 1</c>.</param>
/// <param name="Folder">What its folder is called: <c>seed-0</c>, <c>fold-1</c>.</param>
/// <param name="Seed">The seed of its weights, order and augmentation.</param>
/// <param name="Train">The pictures that teach.</param>
/// <param name="Choosing">The pictures that choose the best epoch; null where none are left for it, and the last epoch is taken.</param>
/// <param name="Reported">The pictures that are reported: they choose nothing.</param>
internal sealed record DetectionSplit(string Label, string Folder, long Seed, IDetectionSource Train, IDetectionSource? Choosing, IDetectionSource Reported)
{
    /// <summary>The repeats of a run: its seeds, or its folds.</summary>
    /// <param name="recipe">The run.</param>
    /// <param name="data">Its data, with the classes that are told apart.</param>
    public static IReadOnlyList<DetectionSplit> All(DetectionRecipe recipe, DetectionDataset data)
    {
        if (recipe.Folds is { } folds)
        {
            return [.. Folds(recipe, new(data.Train, folds, recipe.Seed))];
        }

        // Pictures that are reported may not choose; without others the last epoch is taken.
        var train = Share(data.Train, recipe);
        var choosing = data.Test is null || Shared(data.Test, data.Validation) > 0 ? null : data.Validation;
        return [.. Enumerable.Range(0, recipe.Seeds).Select(i => new DetectionSplit(
            string.Create(CultureInfo.InvariantCulture, $"seed {recipe.Seed + i}"),
            string.Create(CultureInfo.InvariantCulture, $"seed-{recipe.Seed + i}"),
            recipe.Seed + i,
            train,
            choosing,
            data.Test ?? data.Validation))];
    }

    /// <summary>Opens a recipe's data, with the classes that it tells apart.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="cancellation">Stops the check.</param>
    public static DetectionDataset Open(DetectionRecipe recipe, CancellationToken cancellation)
    {
        var data = DetectionData.Open(recipe.Data, new() { Location = new() { Root = recipe.DataRoot } }, cancellation);
        return recipe.Classes.Count == 0 ? data : ClassFilter.ByName(data, recipe.Classes);
    }

    /// <summary>The share of the training pictures that a recipe uses.</summary>
    /// <param name="source">The training pictures.</param>
    /// <param name="recipe">The recipe.</param>
    public static IDetectionSource Share(IDetectionSource source, DetectionRecipe recipe) => recipe.Fraction < 1 ? DetectionSubset.Share(source, recipe.Fraction, recipe.Seed) : source;

    /// <summary>What must be said where the pictures that score are those that teach.</summary>
    /// <param name="data">The set.</param>
    public static IEnumerable<string> Overlap(DetectionDataset data)
    {
        int shared = Shared(data.Train, data.Validation);
        if (shared > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{shared:N0} of the {data.Validation.Count:N0} pictures that score also teach: the score says what was memorised, not what was learned");
        }
    }

    /// <summary>How many pictures of a source are also in another.</summary>
    public static int Shared(IDetectionSource train, IDetectionSource scored)
    {
        var taught = Enumerable.Range(0, train.Count).Select(train.Describe).ToHashSet(StringComparer.Ordinal);
        return Enumerable.Range(0, scored.Count).Count(i => taught.Contains(scored.Describe(i)));
    }

    private static IEnumerable<DetectionSplit> Folds(DetectionRecipe recipe, DetectionFolds folds)
    {
        for (int i = 0; i < folds.Count; i++)
        {
            var (train, held) = folds[i];
            yield return new(string.Create(CultureInfo.InvariantCulture, $"fold {i + 1}"), string.Create(CultureInfo.InvariantCulture, $"fold-{i + 1}"), recipe.Seed + i, Share(train, recipe), null, held);
        }
    }
}
