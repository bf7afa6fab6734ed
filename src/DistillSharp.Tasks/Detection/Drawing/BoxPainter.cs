using System.Globalization;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Detection.Drawing;

/// <summary>Draws boxes with their names and confidences into pictures.</summary>
public static class BoxPainter
{
    /// <summary>Draws found boxes, the surest on top.</summary>
    /// <param name="image">The picture; it is left as it is.</param>
    /// <param name="boxes">The boxes, in its pixels, by falling confidence.</param>
    /// <param name="nameOf">The name of a 0-based class.</param>
    /// <returns>Another picture, in colour.</returns>
    public static PixelImage Draw(PixelImage image, IReadOnlyList<DetectedBox> boxes, Func<int, string> nameOf)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(boxes);
        ArgumentNullException.ThrowIfNull(nameOf);
        using var canvas = new PictureCanvas(image);
        float thickness = ThicknessFor(image.Width, image.Height);
        foreach (var box in boxes.Reverse())
        {
            Draw(canvas, box.Box, box.ClassIndex, LabelOf(box, nameOf), thickness);
        }

        return canvas.ToImage();
    }

    /// <summary>A box's label: its name and its confidence.</summary>
    /// <param name="box">The box.</param>
    /// <param name="nameOf">The name of a 0-based class.</param>
    public static string LabelOf(DetectedBox box, Func<int, string> nameOf) => string.Create(CultureInfo.InvariantCulture, $"{nameOf(box.ClassIndex)} {box.Confidence:0.00}");

    /// <summary>The thickness of lines that suits a picture's size, pixels.</summary>
    internal static float ThicknessFor(int width, int height) => Math.Max(2, MathF.Round((width + height) * 0.0015f));

    /// <summary>Draws one box and its label: above the box, or inside where there is no room.</summary>
    /// <param name="canvas">What is drawn on.</param>
    /// <param name="box">The box, in its pixels.</param>
    /// <param name="classIndex">The 0-based class: the colour.</param>
    /// <param name="label">The label.</param>
    /// <param name="thickness">The thickness of lines, pixels.</param>
    /// <param name="picture">The part of the canvas that the picture takes; a label that is not wider stays within. Null for all.</param>
    internal static void Draw(PictureCanvas canvas, BoundingBox box, int classIndex, string label, float thickness, BoundingBox? picture = null)
    {
        var room = picture ?? new(0, 0, canvas.Width, canvas.Height);
        var colour = ClassPalette.Paint(classIndex);
        canvas.Frame(box.Left, box.Top, box.Right, box.Bottom, colour, thickness);
        float capital = 5 + (2 * thickness), margin = thickness, height = capital + (2 * margin) + (capital / 3), width = PictureCanvas.WidthOf(label, capital) + (3 * margin);
        float left = Math.Clamp(box.Left - (thickness / 2), room.Left, Math.Max(room.Left, room.Right - width)), top = box.Top - height < room.Top ? Math.Max(room.Top, box.Top) : box.Top - height;
        canvas.Fill(left, top, left + width, top + height, colour);
        canvas.Text(label, left + (1.5f * margin), top + margin, capital, ClassPalette.TextOn(colour));
    }
}
