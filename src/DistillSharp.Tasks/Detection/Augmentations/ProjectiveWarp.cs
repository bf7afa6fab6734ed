using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DistillSharp.Tasks.Detection.Augmentations;

/// <summary>Takes a canvas into the input by any change of the plane: the canvas is painted, then every pixel of the input looks up where it comes from. Bilinear. For one thread.</summary>
internal sealed class ProjectiveWarp
{
    private const int One = 2048;
    private byte[] _canvas = [];
    private PlaneTransform _back;
    private int _width, _height;

    /// <summary>Paints a canvas, with a border of two grey pixels.</summary>
    public void Prepare(Canvas canvas, PlaneTransform transform)
    {
        (_width, _height, _back) = (canvas.Width + 4, canvas.Height + 4, transform.Inverse());
        if (_canvas.Length < 3 * _width * _height)
        {
            _canvas = new byte[3 * _width * _height];
        }

        for (int channel = 0; channel < 3; channel++)
        {
            for (int y = 0; y < _height; y++)
            {
                canvas.ComposeRow(channel, y - 2, -2, _canvas.AsSpan(((channel * _height) + y) * _width, _width));
            }
        }
    }

    /// <summary>Writes one row of the input.</summary>
    public void Row(int row, Span<byte> red, Span<byte> green, Span<byte> blue)
    {
        ref byte canvas = ref MemoryMarshal.GetArrayDataReference(_canvas);
        int plane = _width * _height;
        bool vanishes = _back.G != 0 || _back.H != 0;
        double y = row + 0.5, fromX = (_back.B * y) + _back.C, fromY = (_back.E * y) + _back.F, divisor = (_back.H * y) + _back.I, lastColumn = _width - 2, lastLine = _height - 2;
        for (int i = 0; i < red.Length; i++)
        {
            double x = i + 0.5, factor = vanishes ? 1 / ((_back.G * x) + divisor) : 1;

            // Index 0 of the canvas lies at 2; beyond the border all is grey. What is no number becomes 0, which is grey too.
            double column = Math.Clamp((((_back.A * x) + fromX) * factor) + 1.5, 0, lastColumn), line = Math.Clamp((((_back.D * x) + fromY) * factor) + 1.5, 0, lastLine);
            int left = (int)column, top = (int)line, across = (int)((column - left) * One), down = (int)((line - top) * One);
            ref byte place = ref Unsafe.Add(ref canvas, (top * _width) + left);
            red[i] = Mix(ref place, across, down);
            green[i] = Mix(ref Unsafe.Add(ref place, plane), across, down);
            blue[i] = Mix(ref Unsafe.Add(ref place, 2 * plane), across, down);
        }
    }

    private byte Mix(ref byte place, int across, int down)
    {
        ref byte below = ref Unsafe.Add(ref place, _width);
        int upper = (place * (One - across)) + (Unsafe.Add(ref place, 1) * across), lower = (below * (One - across)) + (Unsafe.Add(ref below, 1) * across);
        return (byte)(((upper * (One - down)) + (lower * down) + (One * One / 2)) / (One * One));
    }
}
