using DistillSharp.Graph.Quantization;
using DistillSharp.Graph.Quantization.Observers;

namespace DistillSharp.Graph.Tests.Quantization.Observers;

/// <summary>Seeded numbers, and showing them to an observer as calibration does.</summary>
internal static class ObservedNumbers
{
    /// <summary>Numbers of a normal distribution of width 1, some far out.</summary>
    public static float[] Normal(int count, int seed, double outlier = 0)
    {
        var random = new Random(seed);
        float[] numbers = [.. Enumerable.Range(0, count).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
        if (outlier != 0)
        {
            numbers[count / 2] = (float)outlier;
        }

        return numbers;
    }

    public static QuantizationRange Show(this RangeObserver observer, params float[][] batches)
    {
        for (int pass = 0; pass < observer.Passes; pass++)
        {
            foreach (float[] batch in batches)
            {
                observer.Observe(batch);
                observer.EndBatch();
            }

            observer.EndPass();
        }

        return observer.Range();
    }
}
