using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Detection.Augmentations;

/// <summary>One picture, or a mosaic of four, on grey, with its boxes. It is never painted as a whole: its rows are put together where they are looked at.</summary>
internal sealed class Canvas
{
    private readonly List<PlacedPicture> _pictures = new(4);

    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>The boxes, in pixels of the canvas.</summary>
    public List<(int Class, BoundingBox Box)> Boxes { get; } = [];

    public void Clear(int width, int height)
    {
        (Width, Height) = (width, height);
        _pictures.Clear();
        Boxes.Clear();
    }

    /// <summary>Puts one picture in the middle.</summary>
    public void AddCentred(PixelImage image, IReadOnlyList<BoxLabel> labels)
    {
        var box = Letterbox.Place(image.Width, image.Height, image.Width, image.Height, Width, Height);
        Add(new(image, box.Left, box.Top, box.Left + image.Width, box.Top + image.Height, box.Left, box.Top), labels, clip: false);
    }

    /// <summary>Puts a picture into a corner of a mosaic: the picture's own corner lies at the mosaic's centre, what does not fit is cut off.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="labels">Its boxes.</param>
    /// <param name="corner">0 to 3: upper left, upper right, lower left, lower right.</param>
    /// <param name="x">The mosaic's centre.</param>
    /// <param name="y">The mosaic's centre.</param>
    public void AddCorner(PixelImage image, IReadOnlyList<BoxLabel> labels, int corner, int x, int y)
    {
        bool right = corner % 2 == 1, below = corner >= 2;
        int shiftX = right ? x : x - image.Width, shiftY = below ? y : y - image.Height;
        Add(
            new(image, Math.Max(0, shiftX), Math.Max(0, shiftY), Math.Min(Width, shiftX + image.Width), Math.Min(Height, shiftY + image.Height), shiftX, shiftY),
            labels, clip: true);
    }

    /// <summary>A part of a row.</summary>
    /// <param name="channel">0 to 2.</param>
    /// <param name="row">The row; those outside the canvas are grey.</param>
    /// <param name="first">The first column; those outside the canvas are grey.</param>
    /// <param name="target">The pixels.</param>
    public void ComposeRow(int channel, int row, int first, Span<byte> target)
    {
        int end = first + target.Length, next = first;
        foreach (var picture in _pictures)
        {
            if (row < picture.Top || row >= picture.Bottom || picture.Right <= first || picture.Left >= end)
            {
                continue;
            }

            // Pictures that share a row were added from left to right.
            int from = Math.Max(first, picture.Left), to = Math.Min(end, picture.Right);
            target[(next - first)..(from - first)].Fill(Letterbox.Fill);
            picture.Row(channel, row)[(from - picture.Left)..(to - picture.Left)].CopyTo(target[(from - first)..]);
            next = to;
        }

        target[(next - first)..].Fill(Letterbox.Fill);
    }

    private void Add(PlacedPicture picture, IReadOnlyList<BoxLabel> labels, bool clip)
    {
        if (picture.Left < picture.Right && picture.Top < picture.Bottom)
        {
            _pictures.Add(picture);
        }

        foreach (var label in labels)
        {
            var box = label.ToPixels(picture.Image.Width, picture.Image.Height);
            box = new(box.Left + picture.ShiftX, box.Top + picture.ShiftY, box.Right + picture.ShiftX, box.Bottom + picture.ShiftY);
            box = clip ? box.ClippedTo(Width, Height) : box;
            if (box.Area > 0)
            {
                Boxes.Add((label.ClassIndex, box));
            }
        }
    }
}
