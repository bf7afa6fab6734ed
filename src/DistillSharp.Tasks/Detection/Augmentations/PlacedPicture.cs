using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Detection.Augmentations;

/// <summary>A part of a picture on a canvas: columns <paramref name="Left"/> up to, not including, <paramref name="Right"/>, and rows likewise.</summary>
/// <param name="Image">The picture.</param>
/// <param name="Left">The first column on the canvas.</param>
/// <param name="Top">The first row on the canvas.</param>
/// <param name="Right">The column after the last.</param>
/// <param name="Bottom">The row after the last.</param>
/// <param name="ShiftX">From a column of the picture to one of the canvas.</param>
/// <param name="ShiftY">From a row of the picture to one of the canvas.</param>
internal readonly record struct PlacedPicture(PixelImage Image, int Left, int Top, int Right, int Bottom, int ShiftX, int ShiftY)
{
    /// <summary>The pixels of a canvas row that this picture covers.</summary>
    /// <param name="channel">0 to 2; a grey picture has the same in all.</param>
    /// <param name="row">A row of the canvas from <see cref="Top"/> on.</param>
    public ReadOnlySpan<byte> Row(int channel, int row)
    {
        int plane = Math.Min(channel, Image.Channels - 1) * Image.Height * Image.Width;
        return Image.Pixels.AsSpan(plane + ((row - ShiftY) * Image.Width) + Left - ShiftX, Right - Left);
    }
}
