namespace DistillSharp.Tasks.Detection;

/// <summary>
/// How a picture is fitted into a model's input: scaled by one factor, centred, the rest filled with grey (114), as Ultralytics does it. It takes boxes there and back.
/// </summary>
/// <param name="SourceWidth">The picture's width.</param>
/// <param name="SourceHeight">The picture's height.</param>
/// <param name="Width">The input's width.</param>
/// <param name="Height">The input's height.</param>
/// <param name="ResizedWidth">The width the picture is scaled to.</param>
/// <param name="ResizedHeight">The height the picture is scaled to.</param>
/// <param name="Left">Grey columns before it.</param>
/// <param name="Top">Grey rows above it.</param>
public readonly record struct Letterbox(int SourceWidth, int SourceHeight, int Width, int Height, int ResizedWidth, int ResizedHeight, int Left, int Top)
{
    /// <summary>The grey level of the border.</summary>
    public const byte Fill = 114;

    /// <summary>Fits a picture into an input of a given size.</summary>
    /// <param name="sourceWidth">The picture's width, 1 or more.</param>
    /// <param name="sourceHeight">The picture's height, 1 or more.</param>
    /// <param name="width">The input's width, 1 or more.</param>
    /// <param name="height">The input's height, 1 or more.</param>
    /// <param name="scaleUp">Whether a picture smaller than the input is enlarged; validation leaves small pictures as they are.</param>
    public static Letterbox Fit(int sourceWidth, int sourceHeight, int width, int height, bool scaleUp = true)
    {
        var (resizedWidth, resizedHeight) = Scaled(sourceWidth, sourceHeight, width, height, scaleUp);
        return Place(sourceWidth, sourceHeight, resizedWidth, resizedHeight, width, height);
    }

    /// <summary>
    /// Fits a picture into the smallest rectangle inside the given size whose border on either axis is below the stride (<c>auto</c>): what a model with
    /// sizes of its own choice is given, so that little of it is grey.
    /// </summary>
    /// <param name="sourceWidth">The picture's width, 1 or more.</param>
    /// <param name="sourceHeight">The picture's height, 1 or more.</param>
    /// <param name="width">The input's largest width, 1 or more.</param>
    /// <param name="height">The input's largest height, 1 or more.</param>
    /// <param name="stride">The model's largest stride, 1 or more.</param>
    /// <param name="scaleUp">Whether a picture smaller than the input is enlarged.</param>
    public static Letterbox FitStride(int sourceWidth, int sourceHeight, int width, int height, int stride = 32, bool scaleUp = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stride);
        var (resizedWidth, resizedHeight) = Scaled(sourceWidth, sourceHeight, width, height, scaleUp);
        return Place(
            sourceWidth, sourceHeight, resizedWidth, resizedHeight, resizedWidth + ((width - resizedWidth) % stride), resizedHeight + ((height - resizedHeight) % stride));
    }

    /// <summary>Centres a picture that has been scaled already.</summary>
    /// <param name="sourceWidth">The picture's width before, 1 or more.</param>
    /// <param name="sourceHeight">The picture's height before, 1 or more.</param>
    /// <param name="resizedWidth">Its width now, 1 to <paramref name="width"/>.</param>
    /// <param name="resizedHeight">Its height now, 1 to <paramref name="height"/>.</param>
    /// <param name="width">The input's width.</param>
    /// <param name="height">The input's height.</param>
    public static Letterbox Place(int sourceWidth, int sourceHeight, int resizedWidth, int resizedHeight, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sourceWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sourceHeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(resizedWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(resizedHeight);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(resizedWidth, width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(resizedHeight, height);

        // The odd column goes behind: a half is taken down by the tenth.
        int left = (int)Math.Round(((width - resizedWidth) / 2.0) - 0.1), top = (int)Math.Round(((height - resizedHeight) / 2.0) - 0.1);
        return new(sourceWidth, sourceHeight, width, height, resizedWidth, resizedHeight, Math.Max(0, left), Math.Max(0, top));
    }

    /// <summary>From a box in the input to the box in the picture, cut off at its edges.</summary>
    /// <param name="box">The box, in pixels of the input.</param>
    public BoundingBox ToSource(BoundingBox box)
    {
        var (scaleX, scaleY, left, top) = Mapping();
        return new BoundingBox((float)((box.Left - left) / scaleX), (float)((box.Top - top) / scaleY), (float)((box.Right - left) / scaleX), (float)((box.Bottom - top) / scaleY))
            .ClippedTo(SourceWidth, SourceHeight);
    }

    /// <summary>From a box in the picture to the box in the input.</summary>
    /// <param name="box">The box, in pixels of the picture.</param>
    public BoundingBox ToInput(BoundingBox box)
    {
        var (scaleX, scaleY, left, top) = Mapping();
        return new((float)((box.Left * scaleX) + left), (float)((box.Top * scaleY) + top), (float)((box.Right * scaleX) + left), (float)((box.Bottom * scaleY) + top));
    }

    private static (int Width, int Height) Scaled(int sourceWidth, int sourceHeight, int width, int height, bool scaleUp)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sourceWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sourceHeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        double scale = Math.Min((double)height / sourceHeight, (double)width / sourceWidth);
        scale = scaleUp ? scale : Math.Min(scale, 1);

        // A picture of extreme shape keeps one row or column.
        return (Math.Clamp((int)Math.Round(sourceWidth * scale), 1, width), Math.Clamp((int)Math.Round(sourceHeight * scale), 1, height));
    }

    /// <summary>
    /// Where the picture was scaled to fit, the factor and border before rounding, which is what Ultralytics takes boxes back by; otherwise those of the pixels as they lie.
    /// </summary>
    private (double ScaleX, double ScaleY, double Left, double Top) Mapping()
    {
        double scale = Math.Min((double)Height / SourceHeight, (double)Width / SourceWidth);
        return (ResizedWidth, ResizedHeight) == Scaled(SourceWidth, SourceHeight, Width, Height, scaleUp: true)
            ? (scale, scale, Math.Round(((Width - (SourceWidth * scale)) / 2) - 0.1), Math.Round(((Height - (SourceHeight * scale)) / 2) - 0.1))
            : ((double)ResizedWidth / SourceWidth, (double)ResizedHeight / SourceHeight, Left, Top);
    }
}
