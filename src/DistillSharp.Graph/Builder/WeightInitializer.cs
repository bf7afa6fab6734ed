using System.Text;

namespace DistillSharp.Graph.Builder;

/// <summary>Draws a model's weights. Each weight's stream is a function of (seed, name), so neither order nor neighbours matter.</summary>
public static class WeightInitializer
{
    /// <summary>Draws every float32 initialiser that says how it is initialised.</summary>
    /// <param name="graph">The graph; its initialisers are changed.</param>
    /// <param name="seed">The seed.</param>
    public static void Draw(ModelGraph graph, long seed)
    {
        ArgumentNullException.ThrowIfNull(graph);
        foreach (var initializer in graph.Initializers.Where(initializer => initializer.Initialization is not null && initializer.Data.Type == ElementType.Float32))
        {
            float[] values = new float[initializer.Data.Count];
            Fill(values, initializer.Initialization!, StreamOf(seed, initializer.Name));
            initializer.Data = TensorData.Create<float>(values, [.. initializer.Data.Shape]);
        }
    }

    private static void Fill(Span<float> values, Initialization initialization, ulong state)
    {
        switch (initialization.Kind)
        {
            case InitializationKind.Constant:
                values.Fill((float)initialization.Scale);
                break;
            case InitializationKind.Uniform:
                foreach (ref float value in values)
                {
                    value = (float)(((2 * NextUnit(ref state)) - 1) * initialization.Scale);
                }

                break;
            case InitializationKind.Normal:
                foreach (ref float value in values)
                {
                    // Box and Muller, from two fresh uniforms each.
                    double radius = Math.Sqrt(-2 * Math.Log(1 - NextUnit(ref state)));
                    value = (float)(radius * Math.Cos(2 * Math.PI * NextUnit(ref state)) * initialization.Scale);
                }

                break;
            default:
                throw new NotSupportedException($"The initialisation {initialization} is not known.");
        }
    }

    /// <summary>FNV-1a of the name, mixed with the seed.</summary>
    private static ulong StreamOf(long seed, string name)
    {
        ulong hash = 0xCBF29CE484222325UL;
        foreach (byte b in Encoding.UTF8.GetBytes(name))
        {
            hash = unchecked((hash ^ b) * 0x100000001B3UL);
        }

        return Mix(hash ^ Mix(unchecked((ulong)seed + 0x9E3779B97F4A7C15UL)));
    }

    private static double NextUnit(ref ulong state) => (Mix(state = unchecked(state + 0x9E3779B97F4A7C15UL)) >> 11) * (1.0 / (1UL << 53));

    /// <summary>The finaliser of SplitMix64.</summary>
    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
