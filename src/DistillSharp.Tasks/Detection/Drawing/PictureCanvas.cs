using System.Runtime.InteropServices;
using DistillSharp.Tasks.Images;
using DistillSharp.Tasks.Native;
using SkiaSharp;

namespace DistillSharp.Tasks.Detection.Drawing;

/// <summary>A picture that is drawn on: lines, areas, text, other pictures.</summary>
internal sealed class PictureCanvas : IDisposable
{
    private readonly SKBitmap _bitmap;
    private readonly SKCanvas _canvas;
    private readonly SKPaint _paint;

    /// <summary>Starts with one colour.</summary>
    public PictureCanvas(int width, int height, SKColor colour)
    {
        NativeSkia.EnsureLoaded();
        _paint = new() { IsAntialias = true, StrokeCap = SKStrokeCap.Round, StrokeJoin = SKStrokeJoin.Round };
        _bitmap = new(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        _canvas = new(_bitmap);
        _canvas.Clear(colour);
    }

    /// <summary>Starts with a picture.</summary>
    public PictureCanvas(PixelImage image)
        : this(image.Width, image.Height, SKColors.Black) => Put(image.Pixels, image.Channels, image.Height, image.Width, 0, 0);

    public int Width => _bitmap.Width;

    public int Height => _bitmap.Height;

    /// <summary>Copies planar pixels to a place; what lies outside is cut off.</summary>
    public void Put(ReadOnlySpan<byte> pixels, int channels, int height, int width, int left, int top)
    {
        int plane = height * width, last = channels - 1, rows = Math.Min(height, Height - top), columns = Math.Min(width, Width - left);
        int[] row = new int[Math.Max(0, columns)];
        for (int y = 0; y < rows; y++)
        {
            for (int x = 0; x < columns; x++)
            {
                int from = (y * width) + x;
                row[x] = pixels[from] | (pixels[(Math.Min(1, last) * plane) + from] << 8) | (pixels[(last * plane) + from] << 16) | (255 << 24);
            }

            Marshal.Copy(row, 0, _bitmap.GetAddress(left, top + y), columns);
        }
    }

    public void Fill(float left, float top, float right, float bottom, SKColor colour)
    {
        (_paint.Style, _paint.Color) = (SKPaintStyle.Fill, colour);
        _canvas.DrawRect(new SKRect(left, top, right, bottom), _paint);
    }

    public void Frame(float left, float top, float right, float bottom, SKColor colour, float thickness)
    {
        (_paint.Style, _paint.Color, _paint.StrokeWidth) = (SKPaintStyle.Stroke, colour, thickness);
        _canvas.DrawRect(new SKRect(left, top, right, bottom), _paint);
    }

    public void Line(SKPoint[] points, SKColor colour, float thickness)
    {
        (_paint.Style, _paint.Color, _paint.StrokeWidth) = (SKPaintStyle.Stroke, colour, thickness);
        _canvas.DrawPoints(SKPointMode.Polygon, points, _paint);
    }

    /// <summary>Writes a text whose capitals begin at a corner.</summary>
    /// <param name="text">The text.</param>
    /// <param name="left">Its left edge.</param>
    /// <param name="top">The upper edge of its capitals.</param>
    /// <param name="capital">The height of a capital, pixels.</param>
    /// <param name="colour">The colour.</param>
    /// <param name="upright">Whether it runs from bottom to top instead, from its lower left corner on.</param>
    public void Text(string text, float left, float top, float capital, SKColor colour, bool upright = false)
    {
        float unit = capital / StrokeFont.Capital, thickness = Math.Max(1, unit * 0.9f);
        for (int i = 0; i < text.Length; i++)
        {
            foreach (var line in StrokeFont.Lines(text[i]))
            {
                SKPoint[] points = [.. line.Select(point => (X: ((i * StrokeFont.Advance) + point.X) * unit, Y: point.Y * unit)).Select(point => upright ? new SKPoint(left + point.Y, top - point.X) : new SKPoint(left + point.X, top + point.Y))];
                if (points.Length > 1)
                {
                    Line(points, colour, thickness);
                }
                else
                {
                    (_paint.Style, _paint.Color) = (SKPaintStyle.Fill, colour);
                    _canvas.DrawCircle(points[0], thickness * 0.7f, _paint);
                }
            }
        }
    }

    /// <summary>A text's width.</summary>
    public static float WidthOf(string text, float capital) => StrokeFont.Width(text) * capital / StrokeFont.Capital;

    /// <summary>What has been drawn.</summary>
    public PixelImage ToImage() => InterleavedPixels.Upright(MemoryMarshal.Cast<byte, uint>(_bitmap.GetPixelSpan()), Width, Height, SKEncodedOrigin.TopLeft);

    public void Dispose()
    {
        _canvas.Dispose();
        _bitmap.Dispose();
        _paint.Dispose();
    }
}
