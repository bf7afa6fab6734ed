using System.Globalization;
using System.Text.RegularExpressions;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.Tasks.Images;
using DistillSharp.TestKit.Golden;

namespace DistillSharp.Tasks.Tests.Detection;

public sealed partial class LetterboxTests
{
    [Fact]
    [Trait("Category", "Golden")]
    public void Golden_pictures_are_letterboxed_to_the_pixel_and_their_boxes_come_back()
    {
        var files = GoldenFiles.Of("yolo", "letterbox*.npz");
        int count = 0;
        foreach (var arrays in files.Select(NpzFile.Read))
        {
            var image = Planar(arrays["img"]);
            int before = count;
            foreach (string setting in arrays.Keys.Where(key => key.EndsWith("_out", StringComparison.Ordinal)).Select(key => key[..^4]))
            {
                Check(setting, image, arrays);
                count++;
            }

            Assert.True(count > before, "A file holds no letterbox.");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{count} letterboxes");
    }

    [Theory]
    [InlineData(640, 480, 640, 640, 640, 480, 0, 80)]
    [InlineData(1280, 1, 640, 640, 640, 1, 0, 319)] // half a row is kept as one
    [InlineData(3, 5, 640, 640, 384, 640, 128, 0)]
    public void The_picture_is_scaled_to_fit_and_centred(int sourceWidth, int sourceHeight, int width, int height, int resizedWidth, int resizedHeight, int left, int top) =>
        Assert.Equal(new(sourceWidth, sourceHeight, width, height, resizedWidth, resizedHeight, left, top), Letterbox.Fit(sourceWidth, sourceHeight, width, height));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Boxes_go_there_and_back(bool scaleUp)
    {
        var letterbox = Letterbox.Fit(143, 97, 160, 160, scaleUp);
        var box = new BoundingBox(10, 20, 30.5f, 40.25f);

        var back = letterbox.ToSource(letterbox.ToInput(box));

        Assert.Equal(box.Left, back.Left, 1e-4f);
        Assert.Equal(box.Top, back.Top, 1e-4f);
        Assert.Equal(box.Right, back.Right, 1e-4f);
        Assert.Equal(box.Bottom, back.Bottom, 1e-4f);
    }

    [Fact]
    public void A_picture_that_was_not_enlarged_keeps_the_size_of_its_boxes() =>
        Assert.Equal(new BoundingBox(0, 0, 143, 97), Letterbox.Fit(143, 97, 160, 160, scaleUp: false).ToSource(new(8, 31, 151, 128)));

    [Theory]
    [InlineData(0, 5, 160, 160)]
    [InlineData(5, 5, 160, 0)]
    public void Sizes_of_nothing_are_refused(int sourceWidth, int sourceHeight, int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Letterbox.Fit(sourceWidth, sourceHeight, width, height));

    private static void Check(string setting, PixelImage image, IReadOnlyDictionary<string, NpyArray> arrays)
    {
        var expected = Planar(arrays[setting + "_out"]);
        int side = int.Parse(Side().Match(setting).Groups[1].Value, CultureInfo.InvariantCulture);
        bool auto = setting.Contains("auto", StringComparison.Ordinal), scaleUp = !setting.Contains("noscaleup", StringComparison.Ordinal);
        var box = auto ? Letterbox.FitStride(image.Width, image.Height, side, side, 32, scaleUp) : Letterbox.Fit(image.Width, image.Height, expected.Width, expected.Height, scaleUp);
        double[] resized = [.. arrays[setting + "_resized_wh"].Values], pad = [.. arrays[setting + "_pad"].Values];
        Assert.Equal((expected.Width, expected.Height), (box.Width, box.Height));
        Assert.Equal(resized, new double[] { box.ResizedWidth, box.ResizedHeight });
        Assert.Equal(pad, new double[] { box.Left, box.Top, box.Width - box.Left - box.ResizedWidth, box.Height - box.Top - box.ResizedHeight });

        byte[] pixels = new byte[3 * box.Width * box.Height];
        LetterboxedPixels.Write(image, box, new(), pixels);
        Assert.Equal(expected.Pixels, pixels);

        // The reference takes boxes back knowing the two sizes alone, so it believes every picture was enlarged.
        var known = Letterbox.Fit(image.Width, image.Height, box.Width, box.Height);
        double[] given = [.. arrays[setting + "_boxes_in"].Values], back = [.. arrays[setting + "_boxes_back"].Values];
        for (int i = 0; i < given.Length; i += 4)
        {
            var found = known.ToSource(new((float)given[i], (float)given[i + 1], (float)given[i + 2], (float)given[i + 3]));
            Assert.Equal(back[i], found.Left, 1e-4);
            Assert.Equal(back[i + 1], found.Top, 1e-4);
            Assert.Equal(back[i + 2], found.Right, 1e-4);
            Assert.Equal(back[i + 3], found.Bottom, 1e-4);
        }
    }

    /// <summary><c>lb160_auto</c> fits into 160 pixels.</summary>
    [GeneratedRegex("^lb([0-9]+)")]
    private static partial Regex Side();

    private static PixelImage Planar(NpyArray array)
    {
        int height = (int)array.Shape[0], width = (int)array.Shape[1];
        return new(3, height, width, [.. Enumerable.Range(0, 3).SelectMany(channel => Enumerable.Range(0, height * width).Select(i => (byte)array.Values[(3 * i) + channel]))]);
    }
}
