using DistillSharp.Tasks.Detection.Augmentations;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Tests.Detection.Augmentations;

public sealed class WarpTests
{
    private const int Side = 96;

    public static TheoryData<double, double, double, bool, bool> Aligned => new()
    {
        { 1, 0, 0, false, false },
        { 0.5, 3.25, -7.5, false, false },
        { 1.5, -11.1, 8.7, true, false },
        { 0.731, 0.4, 0.6, false, true },
        { 0.05, 0, 0, true, true },
        { 1.95, 40, -60, true, true },
        { 1, 500, 0, false, false },
    };

    [Theory]
    [MemberData(nameof(Aligned))]
    public void Scaled_moved_and_mirrored_mosaics_are_the_slow_ones_within_a_grey_level(double scale, double moveX, double moveY, bool leftRight, bool upDown)
    {
        var transform = new PlaneTransform(scale, 0, (Side / 2) - (scale * Side) + moveX, 0, scale, (Side / 2) - (scale * Side) + moveY).Flipped(leftRight, upDown, Side, Side);
        foreach (var (x, y) in new[] { (Side, Side), (50, 140), (143, 49) })
        {
            var (canvas, slow) = Mosaic(x, y);

            byte[] fast = Run(canvas, transform);

            Close(SlowPicture.Warp(slow, transform, Side, Side), fast);
            Assert.Equal(fast, RunAligned(canvas, transform, wide: false));
        }
    }

    [Theory]
    [InlineData(10, 1, 0, 0, 0)]
    [InlineData(-45, 0.6, 0, 0, 0)]
    [InlineData(0, 1.2, 12, -5, 0)]
    [InlineData(33, 0.9, 3, 4, 0.0005)]
    public void Turned_sheared_and_vanishing_mosaics_are_the_slow_ones_within_a_grey_level(double degrees, double scale, double shearX, double shearY, double perspective)
    {
        var (sine, cosine) = Math.SinCos(degrees * Math.PI / 180);
        var transform = new PlaneTransform(1, 0, -Side, 0, 1, -Side).Then(new(1, 0, 0, 0, 1, 0, perspective, -perspective))
            .Then(new(scale * cosine, scale * sine, 0, -scale * sine, scale * cosine, 0))
            .Then(new(1, Math.Tan(shearX * Math.PI / 180), 0, Math.Tan(shearY * Math.PI / 180), 1, 0)).Then(new(1, 0, 40, 0, 1, 55));
        var (canvas, slow) = Mosaic(80, 110);

        Close(SlowPicture.Warp(slow, transform, Side, Side), Run(canvas, transform));
    }

    [Fact]
    public void Nothing_changed_is_the_picture_on_grey_to_the_pixel()
    {
        var image = SlowPicture.Noise(Side, 70, 3);
        var canvas = new Canvas();
        canvas.Clear(Side, Side);
        canvas.AddCentred(image, []);

        byte[] pixels = Run(canvas, new(1, 0, 0, 0, 1, 0));

        for (int channel = 0; channel < 3; channel++)
        {
            int plane = channel * Side * Side;
            Assert.Equal(image.Pixels.AsSpan(channel * Side * 70, Side * 70).ToArray(), pixels.AsSpan(plane + (13 * Side), Side * 70).ToArray());
            Assert.All(pixels.AsSpan(plane, 13 * Side).ToArray(), pixel => Assert.Equal(114, pixel));
            Assert.All(pixels.AsSpan(plane + (83 * Side), 13 * Side).ToArray(), pixel => Assert.Equal(114, pixel));
        }
    }

    [Fact]
    public void Mixing_two_rows_is_exact_in_256ths_at_any_length()
    {
        var random = new Random(1);
        foreach (int length in new[] { 1, 31, 32, 33, 100 })
        {
            byte[] upper = new byte[length], lower = new byte[length];
            random.NextBytes(upper);
            random.NextBytes(lower);
            ushort[] mixed = new ushort[length];
            foreach (int weight in new[] { 0, 1, 128, 255, 256 })
            {
                AxisAlignedWarp.Blend(upper, lower, weight, mixed);
                Assert.Equal(upper.Zip(lower, (a, b) => (ushort)((a * (256 - weight)) + (b * weight))), mixed);
            }
        }
    }

    private static (Canvas Canvas, double[,,] Slow) Mosaic(int x, int y)
    {
        PixelImage[] images = [SlowPicture.Noise(Side, 60, 1), SlowPicture.Noise(44, Side, 2), SlowPicture.Noise(Side, Side, 3), SlowPicture.Noise(Side, 30, 4)];
        var canvas = new Canvas();
        canvas.Clear(2 * Side, 2 * Side);
        for (int corner = 0; corner < 4; corner++)
        {
            canvas.AddCorner(images[corner], [], corner, x, y);
        }

        return (canvas, SlowPicture.Mosaic(images, Side, x, y));
    }

    private static byte[] Run(Canvas canvas, PlaneTransform transform)
    {
        byte[] pixels = new byte[3 * Side * Side];
        new SceneWriter().Write(canvas, transform, new(1, 1, 1), (Side, Side), pixels);
        return pixels;
    }

    private static byte[] RunAligned(Canvas canvas, PlaneTransform transform, bool wide)
    {
        byte[] pixels = new byte[3 * Side * Side];
        var warp = new AxisAlignedWarp(wide);
        warp.Prepare(canvas, transform, Side, Side);
        for (int row = 0; row < Side; row++)
        {
            int start = row * Side, plane = Side * Side;
            warp.Row(canvas, row, pixels.AsSpan(start, Side), pixels.AsSpan(plane + start, Side), pixels.AsSpan((2 * plane) + start, Side));
        }

        return pixels;
    }

    private static void Close(byte[] expected, byte[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - found[i]) <= 1, $"Byte {i} is {found[i]} instead of {expected[i]}.");
        }
    }
}
