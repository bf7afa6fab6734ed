namespace DistillSharp.Tasks.Data.Glyphs;

/// <summary>
/// Drawn characters, made by the library itself: nothing to download. Ten letters of which several differ by one
/// stroke, 28x28 grey, the same pictures on every machine.
/// </summary>
/// <param name="options">The options.</param>
[Plugin("glyphs", "Drawn characters of 10 classes, 28x28 grey, made on the spot: needs no files")]
public sealed class GlyphsFormat(GlyphsOptions options) : DatasetFormat
{
    private const long Seed = 20_260;

    /// <inheritdoc/>
    public override ImageDataset Open(DataLocation location, CancellationToken cancellation = default) =>
        new(
            $"glyphs ({options.Train:N0}/{options.Test:N0}{(options.Draw > 0 ? $", draw {options.Draw}" : "")})",
            [.. GlyphShapes.All.Select(shape => shape.Name)],
            new(1, GlyphPainter.Side, GlyphPainter.Side, [0.15f], [0.23f]),
            Make("glyphs, training", options.Train, part: 2 * options.Draw),
            Make("glyphs, test", options.Test, part: (2 * options.Draw) + 1));

    private static MemorySamples Make(string name, int count, int part)
    {
        int classes = GlyphShapes.All.Count;
        var images = new Images.PixelImage[count];
        byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % classes))];
        Parallel.For(0, count, i =>
        {
            var random = new SampleRandom(Seed, part, i);
            images[i] = GlyphPainter.Paint(labels[i], ref random);
        });
        return new(name, images, labels);
    }
}

/// <summary>The options of <c>glyphs</c>.</summary>
public sealed record GlyphsOptions
{
    /// <summary>The number of training pictures, 10 to 1,000,000. Default 6,000.</summary>
    public int Train
    {
        get;
        init => field = value is >= 10 and <= 1_000_000 ? value : throw new ArgumentOutOfRangeException(nameof(Train), value, "From 10 to 1,000,000 training pictures can be drawn.");
    } = 6_000;

    /// <summary>The number of test pictures, 10 to 1,000,000. Default 5,000.</summary>
    public int Test
    {
        get;
        init => field = value is >= 10 and <= 1_000_000 ? value : throw new ArgumentOutOfRangeException(nameof(Test), value, "From 10 to 1,000,000 test pictures can be drawn.");
    } = 5_000;

    /// <summary>Which images are drawn, 0 to 1,000. No two draws share an image: choose settings on another draw than the one you report. Default 0.</summary>
    public int Draw
    {
        get;
        init => field = value is >= 0 and <= 1_000 ? value : throw new ArgumentOutOfRangeException(nameof(Draw), value, "The draw must be from 0 to 1,000.");
    }
}
