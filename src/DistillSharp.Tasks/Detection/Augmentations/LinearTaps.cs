namespace DistillSharp.Tasks.Detection.Augmentations;

/// <summary>For each position of one axis of the input, the two positions of the canvas it is made of. Outside the canvas all is grey.</summary>
internal sealed class LinearTaps
{
    private int[] _first = [];
    private ushort[] _weights = [];

    /// <summary>The first of the two positions, -1 to the canvas's length; the second follows it.</summary>
    public ReadOnlySpan<int> First => _first.AsSpan(0, Length);

    /// <summary>The second one's weight, in 65536ths.</summary>
    public ReadOnlySpan<ushort> Weights => _weights.AsSpan(0, Length);

    /// <summary>Positions of the input.</summary>
    public int Length { get; private set; }

    /// <summary>The lowest first position.</summary>
    public int Lowest { get; private set; }

    /// <summary>The highest second position.</summary>
    public int Highest { get; private set; }

    /// <summary>Works the positions out.</summary>
    /// <param name="length">Positions of the input.</param>
    /// <param name="canvas">Positions of the canvas.</param>
    /// <param name="scale">From the input back to the canvas.</param>
    /// <param name="offset">Where the input's edge lies on the canvas.</param>
    public void Fill(int length, int canvas, double scale, double offset)
    {
        if (_first.Length < length)
        {
            (_first, _weights) = (new int[length], new ushort[length]);
        }

        (Length, Lowest, Highest) = (length, canvas, 0);
        for (int i = 0; i < length; i++)
        {
            double place = Math.Clamp((scale * (i + 0.5)) + offset - 0.5, -1, canvas);
            int whole = (int)Math.Floor(place), weight = (int)Math.Round((place - whole) * 65536);
            if (weight == 65536)
            {
                (whole, weight) = (whole + 1, 0);
            }

            (_first[i], _weights[i]) = (whole, (ushort)weight);
            Lowest = Math.Min(Lowest, whole);
            Highest = Math.Max(Highest, whole + 1);
        }
    }
}
