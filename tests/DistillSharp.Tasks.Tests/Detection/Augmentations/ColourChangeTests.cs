using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection.Augmentations;

namespace DistillSharp.Tasks.Tests.Detection.Augmentations;

public sealed class ColourChangeTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1.015, 1.7, 1.4)]
    [InlineData(0.985, 0.3, 0.6)]
    [InlineData(2, 0, 1)]
    [InlineData(0, 2, 2)]
    [InlineData(1.37, 1, 0.01)]
    public void Colours_are_those_of_the_textbook_within_a_grey_level(double hue, double saturation, double value)
    {
        int[] levels = [0, 1, 2, 7, 60, 100, 127, 128, 200, 254, 255];
        var colours = levels.SelectMany(r => levels.SelectMany(g => levels.Select(b => (R: r, G: g, B: b)))).ToList();
        byte[] red = [.. colours.Select(colour => (byte)colour.R)], green = [.. colours.Select(colour => (byte)colour.G)], blue = [.. colours.Select(colour => (byte)colour.B)];

        new ColourChange((float)hue, (float)saturation, (float)value).Apply(red, green, blue);

        for (int i = 0; i < colours.Count; i++)
        {
            var (r, g, b) = SlowPicture.Colour(colours[i].R, colours[i].G, colours[i].B, hue, saturation, value);
            int worst = Math.Max(Math.Abs(r - red[i]), Math.Max(Math.Abs(g - green[i]), Math.Abs(b - blue[i])));
            Assert.True(worst <= 1, $"{colours[i]} became ({red[i]}, {green[i]}, {blue[i]}) instead of ({r}, {g}, {b}).");
        }
    }

    [Fact]
    public void Nothing_changed_changes_no_pixel()
    {
        var random = new Random(1);
        byte[] red = new byte[1000], green = new byte[1000], blue = new byte[1000];
        random.NextBytes(red);
        random.NextBytes(green);
        random.NextBytes(blue);
        byte[][] before = [[.. red], [.. green], [.. blue]];

        new ColourChange(1, 1, 1).Apply(red, green, blue);

        Assert.Equal(before, [red, green, blue]);
    }

    [Fact]
    public void A_pixel_does_not_depend_on_where_it_stands()
    {
        byte[] red = [.. Enumerable.Repeat((byte)200, 37)], green = [.. Enumerable.Repeat((byte)90, 37)], blue = [.. Enumerable.Repeat((byte)13, 37)];

        new ColourChange(1.01f, 1.2f, 0.9f).Apply(red, green, blue);

        Assert.Single(red.Distinct());
        Assert.Single(green.Distinct());
        Assert.Single(blue.Distinct());
        Assert.Equal(180, red[0]);
    }

    [Fact]
    public void Factors_are_drawn_evenly_around_1()
    {
        var random = new SampleRandom(1, 0, 0);
        var options = new DetectionAugmentation { HsvH = 0.015, HsvS = 0.7, HsvV = 0.4 };
        ColourChange[] drawn = [.. Enumerable.Range(0, 4000).Select(_ => ColourChange.Draw(options, ref random))];

        foreach (var (factors, gain) in new[] { (drawn.Select(change => change.Hue), 0.015), (drawn.Select(change => change.Saturation), 0.7), (drawn.Select(change => change.Value), 0.4) })
        {
            double[] values = [.. factors.Select(factor => (double)factor)];
            Assert.InRange(values.Min(), 1 - gain - 1e-6, 1 - (0.99 * gain));
            Assert.InRange(values.Max(), 1 + (0.99 * gain), 1 + gain + 1e-6);
            Assert.InRange(values.Average(), 1 - (0.05 * gain), 1 + (0.05 * gain));
        }
    }
}
