using CsCheck;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Tests.Images;

/// <summary>The mathematics is held by <see cref="ImageResizerTests"/>; here that buffers used again leave nothing behind.</summary>
public sealed class ImageFitterTests
{
    [Fact]
    public void One_that_has_seen_other_pictures_does_as_a_new_one()
    {
        var pictures = Gen.Select(Gen.Int[0, 1].Select(i => 1 + (2 * i)), Gen.Int[1, 12], Gen.Int[1, 12], Gen.Byte).Array[1, 6];
        Gen.Select(Gen.Int[0, 1].Select(i => 1 + (2 * i)), Gen.Int[1, 9], Gen.Int[1, 9], pictures).Sample(
            (channels, height, width, seen) =>
            {
                var fitter = new ImageFitter(channels, height, width);
                return seen.All(one =>
                {
                    var (from, rows, columns, start) = one;
                    var image = new PixelImage(from, rows, columns, [.. Enumerable.Range(0, from * rows * columns).Select(i => (byte)(start + (37 * i)))]);
                    var found = fitter.Fit(image);
                    return found.Height == height && found.Width == width && found.Channels == channels && found.Pixels.AsSpan().SequenceEqual(new ImageFitter(channels, height, width).Fit(image).Pixels);
                });
            },
            iter: 500);
    }

    [Fact]
    public void A_picture_that_fits_is_given_back_and_its_pixels_are_never_written()
    {
        var fitter = new ImageFitter(1, 2, 2);
        var fitting = Pictures.Flat(1, 2, 2, 9);

        Assert.Same(fitting, fitter.Fit(fitting));
        fitter.Fit(Pictures.Flat(1, 4, 4, 100));
        fitter.Fit(Pictures.Flat(3, 2, 2, 100));
        Assert.All(fitting.Pixels, pixel => Assert.Equal(9, pixel));
    }
}
