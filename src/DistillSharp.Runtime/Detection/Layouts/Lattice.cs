namespace DistillSharp.Runtime.Detection.Layouts;

/// <summary>Where a number of a place lies in a picture's answer.</summary>
/// <param name="Start">The first number of the first place.</param>
/// <param name="Step">From one place to the next.</param>
/// <param name="Stride">From one number of a place to the next.</param>
internal readonly record struct Lattice(int Start, int Step, int Stride = 0)
{
    /// <summary>The position of a number.</summary>
    public int At(int place, int number = 0) => Start + (place * Step) + (number * Stride);
}
