using System.Numerics;

namespace DistillSharp.Tasks.Data;

/// <summary>A small random generator whose stream is a function of (seed, epoch, index) alone (SplitMix64).</summary>
public struct SampleRandom
{
    private ulong _state;

    /// <summary>Creates the stream of one sample in one epoch.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The 0-based epoch.</param>
    /// <param name="index">The sample's position in its source.</param>
    public SampleRandom(long seed, int epoch, int index)
    {
        _state = Mix(unchecked((ulong)seed + 0x9E3779B97F4A7C15UL));
        _state = Mix(_state ^ unchecked((ulong)epoch + 0xD1B54A32D192ED03UL));
        _state = Mix(_state ^ unchecked((ulong)index + 0x8CB92BA72F3D8DD7UL));
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits() => Mix(_state = unchecked(_state + 0x9E3779B97F4A7C15UL));

    /// <summary>A number from 0 up to, not including, 1.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number from one bound up to, not including, the other.</summary>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound.</param>
    public double NextDouble(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>An integer from 0 up to, not including, a bound.</summary>
    /// <param name="bound">The bound, 1 or more.</param>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)BigMul(NextBits(), (ulong)bound);
    }

    /// <summary>True with a probability.</summary>
    /// <param name="probability">0 to 1.</param>
    public bool NextBool(double probability) => NextDouble() < probability;

    /// <summary>A number from the standard normal distribution (Box and Muller).</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    private static ulong BigMul(ulong a, ulong b) => Math.BigMul(a, b, out _);

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return BitOperations.RotateLeft(z ^ (z >> 31), 17);
        }
    }
}
