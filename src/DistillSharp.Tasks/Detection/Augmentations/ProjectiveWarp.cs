namespace DistillSharp.Tasks.Detection.Augmentations;

/// <summary>Takes a canvas into the input by any change of the plane: the canvas is painted, then every pixel of the input looks up where it comes from. Bilinear. For one thread.</summary>
internal sealed class ProjectiveWarp
{
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
        int plane = _width * _height;
        for (int x = 0; x < red.Length; x++)
        {
            var (u, v) = _back.Apply(x + 0.5, row + 0.5);

            // Index 0 of the canvas lies at 2; beyond the border all is grey.
            double column = Math.Clamp(u + 1.5, 0, _width - 2), line = Math.Clamp(v + 1.5, 0, _height - 2);
            if (double.IsNaN(column) || double.IsNaN(line))
            {
                (column, line) = (0, 0);
            }

            int left = (int)column, top = (int)line, place = (top * _width) + left;
            int across = (int)((column - left) * 4096), down = (int)((line - top) * 4096);
            red[x] = Mix(place, across, down);
            green[x] = Mix(place + plane, across, down);
            blue[x] = Mix(place + (2 * plane), across, down);
        }
    }

    private byte Mix(int place, int across, int down)
    {
        int upper = (_canvas[place] * (4096 - across)) + (_canvas[place + 1] * across);
        int lower = (_canvas[place + _width] * (4096 - across)) + (_canvas[place + _width + 1] * across);
        return (byte)((((long)upper * (4096 - down)) + ((long)lower * down) + (1 << 23)) >> 24);
    }
}
