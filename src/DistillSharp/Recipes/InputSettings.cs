namespace DistillSharp.Recipes;

/// <summary>What a recipe says about the pictures that a file wants: what its card would say if it had one.</summary>
/// <param name="Size">Height and width, or one number for both; null where the file or its card tells it.</param>
/// <param name="Mean">The mean of each channel, of pixels 0 to 1, or one number for all; null where the card tells it.</param>
/// <param name="Std">The deviation of each channel, of pixels 0 to 1, or one number for all; null where the card tells it.</param>
internal sealed record InputSettings(IReadOnlyList<int>? Size, IReadOnlyList<double>? Mean, IReadOnlyList<double>? Std)
{
    private const int MostPixels = 4096;

    /// <summary>Whether anything is said.</summary>
    public bool Any => Size is not null || Mean is not null || Std is not null;

    /// <summary>Refuses a size that cannot be one.</summary>
    public static IReadOnlyList<int>? CheckedSize(IReadOnlyList<int>? value) =>
        value is null || (value.Count is 1 or 2 && value.All(side => side is >= 1 and <= MostPixels)) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"[{string.Join(", ", value)}]", $"A size is one number, or height and width, from 1 to {MostPixels} pixels.");

    /// <summary>Refuses means that cannot be any.</summary>
    public static IReadOnlyList<double>? CheckedMean(IReadOnlyList<double>? value) =>
        value is null || (value.Count is 1 or 3 && value.All(mean => Math.Abs(mean) <= 1)) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"[{string.Join(", ", value)}]", "The mean is one number, or one for each of three channels, of pixels from 0 to 1: 0.485, not 123.7.");

    /// <summary>Refuses deviations that cannot be any.</summary>
    public static IReadOnlyList<double>? CheckedStd(IReadOnlyList<double>? value) =>
        value is null || (value.Count is 1 or 3 && value.All(deviation => deviation is > 0 and <= 10)) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"[{string.Join(", ", value)}]", "The deviation is one number, or one for each of three channels, above 0, of pixels from 0 to 1: 0.229, not 58.4; 0.0039216 (1/255) where a file takes pixels of 0 to 255.");
}
