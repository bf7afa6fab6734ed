using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Detection.Data.Shapes;

/// <summary>Random levels at the corners of square cells, with smooth steps between them.</summary>
/// <param name="cell">A cell's side, pixels.</param>
/// <param name="side">Corners on a side.</param>
/// <param name="levels">Their levels, 0 to 1, row by row.</param>
internal sealed class Lattice(double cell, int side, double[] levels)
{
    /// <summary>Draws the levels of a lattice that covers any picture of the set.</summary>
    /// <param name="cell">A cell's side, pixels.</param>
    /// <param name="random">Random numbers.</param>
    public static Lattice Draw(double cell, ref SampleRandom random)
    {
        int side = (int)(ShapeScene.LongerSide / cell) + 2;
        double[] levels = new double[side * side];
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = random.NextDouble();
        }

        return new(cell, side, levels);
    }

    /// <summary>The level at a pixel, 0 to 1.</summary>
    public double At(int x, int y)
    {
        double across = x / cell, down = y / cell;
        int column = (int)across, row = (int)down;
        double right = Smooth(across - column), below = Smooth(down - row);
        return Mix(
            Mix(levels[(row * side) + column], levels[(row * side) + column + 1], right),
            Mix(levels[((row + 1) * side) + column], levels[((row + 1) * side) + column + 1], right), below);
    }

    private static double Smooth(double share) => share * share * (3 - (2 * share));

    private static double Mix(double from, double to, double share) => from + (share * (to - from));
}
