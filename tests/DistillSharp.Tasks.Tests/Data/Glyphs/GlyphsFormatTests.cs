using System.Security.Cryptography;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Data.Glyphs;

namespace DistillSharp.Tasks.Tests.Data.Glyphs;

public sealed class GlyphsFormatTests
{
    private static readonly Lazy<ImageDataset> s_data = new(() => Open(1000, 500));

    [Fact]
    public void The_generator_is_frozen()
    {
        // Results are published on these pictures: a change that moves this sum makes another data set, and needs another name.
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < 200; i++)
        {
            sum.AppendData(s_data.Value.Train.Read(i).Image.Pixels);
        }

        Assert.Equal("9155539409e0884ad5b11a777ef22aa2ad134ca0cdd78cf9e1fe101e010fcdc0", Convert.ToHexStringLower(sum.GetHashAndReset()));
    }

    [Fact]
    public void The_same_pictures_come_on_every_call_and_more_of_them_change_none()
    {
        var again = Open(40, 10);

        Assert.All(Enumerable.Range(0, 40), i => Assert.Equal(s_data.Value.Train.Read(i).Image.Pixels, again.Train.Read(i).Image.Pixels));
        Assert.All(Enumerable.Range(0, 10), i => Assert.Equal(s_data.Value.Test.Read(i).Image.Pixels, again.Test.Read(i).Image.Pixels));
    }

    [Fact]
    public void Another_draw_shares_no_image_with_the_first()
    {
        var other = new GlyphsFormat(new() { Train = 1000, Test = 500, Draw = 1 }).Open(new());
        var images = new[] { s_data.Value.Train, s_data.Value.Test, other.Train, other.Test }.SelectMany(part => Enumerable.Range(0, part.Count).Select(i => Convert.ToHexString(part.Read(i).Image.Pixels)));

        Assert.Equal(3000, images.Distinct().Count());
        Assert.Equal("glyphs (1,000/500, draw 1)", other.Name);
    }

    [Fact]
    public void Labels_are_balanced_and_named_by_the_letters()
    {
        Assert.Equal("BCDEFGOPQR", string.Concat(s_data.Value.ClassNames));
        Assert.All(Enumerable.Range(0, 1000).CountBy(s_data.Value.Train.LabelOf), pair => Assert.Equal(100, pair.Value));
        Assert.All(Enumerable.Range(0, 500).CountBy(s_data.Value.Test.LabelOf), pair => Assert.Equal(50, pair.Value));
        Assert.Equal("glyphs (1,000/500)", s_data.Value.Name);
    }

    [Fact]
    public void No_picture_occurs_twice_in_training_and_test()
    {
        var data = s_data.Value;
        var all = Enumerable.Range(0, 1000).Select(i => data.Train.Read(i)).Concat(Enumerable.Range(0, 500).Select(i => data.Test.Read(i)));

        Assert.Equal(1500, all.Select(sample => Convert.ToHexString(sample.Image.Pixels)).Distinct().Count());
    }

    [Fact]
    public void The_normalisation_is_near_the_pictures_own_mean_and_deviation()
    {
        double[] pixels = [.. Enumerable.Range(0, 1000).SelectMany(i => s_data.Value.Train.Read(i).Image.Pixels).Select(pixel => pixel / 255.0)];
        double mean = pixels.Average(), deviation = Math.Sqrt(pixels.Average(pixel => (pixel - mean) * (pixel - mean)));

        Assert.Equal(mean, s_data.Value.Input.Mean.Single(), 0.03);
        Assert.Equal(deviation, s_data.Value.Input.Deviation.Single(), 0.03);
    }

    [Fact]
    public void A_letter_can_be_told_by_its_mean_picture_better_than_by_chance_but_not_always()
    {
        var data = s_data.Value;
        double[][] means = [.. Enumerable.Range(0, 10).Select(label => Mean([.. Enumerable.Range(0, 1000).Where(i => data.Train.LabelOf(i) == label).Select(i => data.Train.Read(i).Image.Pixels)]))];

        int right = Enumerable.Range(0, 500).Count(i => Nearest(means, data.Test.Read(i).Image.Pixels) == data.Test.LabelOf(i));

        Assert.InRange(right, 100, 450);
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(nameof(GlyphsOptions.Train), () => new GlyphsOptions { Train = 9 });
        Assert.Throws<ArgumentOutOfRangeException>(nameof(GlyphsOptions.Test), () => new GlyphsOptions { Test = 1_000_001 });
    }

    private static ImageDataset Open(int train, int test) => new GlyphsFormat(new() { Train = train, Test = test }).Open(new());

    private static double[] Mean(byte[][] pictures) => [.. Enumerable.Range(0, 784).Select(i => pictures.Average(pixels => (double)pixels[i]))];

    private static int Nearest(double[][] means, byte[] pixels) => means.Index().MinBy(mean => mean.Item.Zip(pixels, (a, b) => (a - b) * (a - b)).Sum()).Index;
}
