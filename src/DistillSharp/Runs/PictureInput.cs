using System.Globalization;
using DistillSharp.Recipes;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Runs;

/// <summary>Settles what pictures a file wants: what the recipe says, else what its card says, else what the file declares and the data has.</summary>
internal static class PictureInput
{
    /// <summary>Settles it.</summary>
    /// <param name="who">The key in the recipe, for messages: <c>teacher</c> or <c>student</c>.</param>
    /// <param name="declared">The shape that the file declares, <c>[N, C, H, W]</c>, null where a size is free; null or of another rank where it tells nothing.</param>
    /// <param name="card">What its card says; null where it has none.</param>
    /// <param name="data">The data's pictures.</param>
    /// <param name="said">What the recipe says.</param>
    /// <exception cref="DataException">The recipe contradicts the file; the message tells both.</exception>
    public static ImageInput Settle(string who, IReadOnlyList<long?>? declared, ImageInput? card, ImageInput data, InputSettings said)
    {
        if (!said.Any)
        {
            return card ?? data;
        }

        long?[] sizes = declared is { Count: 4 } ? [.. declared] : new long?[4];
        int channels = (int)(sizes[1] ?? card?.Channels ?? (said.Mean?.Count > 1 ? said.Mean.Count : said.Std?.Count > 1 ? said.Std.Count : data.Channels));
        int height = said.Size?[0] ?? (int?)sizes[2] ?? card?.Height ?? data.Height, width = said.Size?[^1] ?? (int?)sizes[3] ?? card?.Width ?? data.Width;
        if ((sizes[2] is { } rows && rows != height) || (sizes[3] is { } columns && columns != width))
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"{who}.size says {height}x{width}, but the file takes pictures of {sizes[2]}x{sizes[3]}. Leave it out, or use another file."));
        }

        var start = card is not null && card.Channels == channels ? card : data;
        return new(
            channels, height, width,
            Spread(who, "mean", said.Mean?.Select(value => (float)value), start.Mean, channels),
            Spread(who, "std", said.Std?.Select(value => (float)value), start.Deviation, channels));
    }

    /// <summary>One number a channel: one for all is repeated, and colours are averaged where grey is wanted.</summary>
    private static float[] Spread(string who, string key, IEnumerable<float>? said, IReadOnlyList<float> fallback, int channels)
    {
        float[] values = [.. said ?? fallback];
        return values.Length == channels ? values
            : values.Length == 1 ? [.. Enumerable.Repeat(values[0], channels)]
            : said is null ? [.. Enumerable.Repeat(values.Average(), channels)]
            : throw new DataException($"{who}.{key} has {values.Length} numbers, but the file takes {channels} channels. Give one number, or one for each channel.");
    }
}
