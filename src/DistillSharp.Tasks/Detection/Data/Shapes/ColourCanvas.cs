namespace DistillSharp.Tasks.Detection.Data.Shapes;

/// <summary>A picture while it is painted: red, green and blue planes of grey levels with fractions.</summary>
/// <param name="width">Pixels.</param>
/// <param name="height">Pixels.</param>
internal sealed class ColourCanvas(int width, int height)
{
    /// <summary>Pixels.</summary>
    public int Width => width;

    /// <summary>Pixels.</summary>
    public int Height => height;

    /// <summary>The grey levels, <c>[3, H, W]</c>; 0 is black, 255 white.</summary>
    public double[] Levels { get; } = new double[3 * width * height];

    /// <summary>A colour's level at a pixel.</summary>
    public ref double this[int channel, int x, int y] => ref Levels[(((channel * height) + y) * width) + x];

    /// <summary>Lays a colour over a pixel.</summary>
    /// <param name="x">Its column.</param>
    /// <param name="y">Its row.</param>
    /// <param name="colour">Three levels.</param>
    /// <param name="cover">How much of the pixel the colour covers, 0 to 1.</param>
    public void Blend(int x, int y, ReadOnlySpan<double> colour, double cover)
    {
        for (int channel = 0; channel < 3; channel++)
        {
            ref double level = ref this[channel, x, y];
            level += cover * (colour[channel] - level);
        }
    }
}
