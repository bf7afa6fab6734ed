namespace DistillSharp.Tasks.Images;

/// <summary>Brings pictures to a size and a number of channels.</summary>
public static class ImageResizer
{
    /// <summary>Scales a picture so that it covers the target, cuts out the centre, and converts between grey and colour.</summary>
    /// <param name="image">The picture; given back as it is where it fits already.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    public static PixelImage Fit(PixelImage image, int channels, int height, int width) => new ImageFitter(channels, height, width).Fit(image);
}
