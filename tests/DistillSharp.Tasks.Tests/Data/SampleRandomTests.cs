using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Tests.Data;

public sealed class SampleRandomTests
{
    private const int Count = 100_000;

    [Fact]
    public void A_stream_is_a_function_of_seed_epoch_and_index()
    {
        Assert.Equal(First(1, 2, 3), First(1, 2, 3));
        Assert.NotEqual(First(1, 2, 3), First(2, 2, 3));
        Assert.NotEqual(First(1, 2, 3), First(1, 3, 3));
        Assert.NotEqual(First(1, 2, 3), First(1, 2, 4));
        Assert.NotEqual(First(1, 2, 3), First(1, 3, 2));
        Assert.NotEqual(First(1, 2, -1), First(1, -1, 2));
    }

    [Fact]
    public void No_two_of_many_streams_begin_alike()
    {
        var first = new HashSet<ulong>();
        for (int epoch = 0; epoch < 30; epoch++)
        {
            for (int index = -1; index < 3000; index++)
            {
                Assert.True(first.Add(First(7, epoch, index)));
            }
        }
    }

    [Fact]
    public void Numbers_along_a_stream_are_uniform_and_uncorrelated()
    {
        var random = new SampleRandom(1, 0, 0);

        Uniform([.. Enumerable.Range(0, Count).Select(_ => random.NextDouble())]);
    }

    [Fact]
    public void Numbers_across_neighbouring_samples_are_uniform_and_uncorrelated() =>
        Uniform([.. Enumerable.Range(0, Count).Select(index => new SampleRandom(1, 0, index).NextDouble())]);

    [Fact]
    public void Numbers_across_neighbouring_epochs_are_uniform_and_uncorrelated() =>
        Uniform([.. Enumerable.Range(0, Count).Select(epoch => new SampleRandom(1, epoch, 5).NextDouble())]);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10)]
    public void Integers_fall_evenly_below_their_bound(int bound)
    {
        var random = new SampleRandom(3, 0, 0);
        int[] counts = new int[bound];
        for (int i = 0; i < Count; i++)
        {
            counts[random.NextInt(bound)]++;
        }

        Assert.All(counts, count => Assert.Equal((double)Count / bound, count, 5 * Math.Sqrt((double)Count / bound)));
    }

    [Fact]
    public void A_bound_below_1_is_refused() => Assert.Throws<ArgumentOutOfRangeException>("bound", () => new SampleRandom(1, 0, 0).NextInt(0));

    [Fact]
    public void A_range_has_its_lower_bound_and_not_its_upper()
    {
        var random = new SampleRandom(4, 0, 0);
        double[] drawn = [.. Enumerable.Range(0, Count).Select(_ => random.NextDouble(-3, 5))];

        Assert.All(drawn, value => Assert.InRange(value, -3, Math.BitDecrement(5.0)));
        Assert.Equal(1, drawn.Average(), 5 * 8 / Math.Sqrt(12.0 * Count));
    }

    [Fact]
    public void Booleans_have_their_probability()
    {
        var random = new SampleRandom(5, 0, 0);

        Assert.Equal(0.3, Enumerable.Range(0, Count).Count(_ => random.NextBool(0.3)) / (double)Count, 0.0075);
        Assert.DoesNotContain(Enumerable.Range(0, 1000), _ => random.NextBool(0));
        Assert.DoesNotContain(Enumerable.Range(0, 1000), _ => !random.NextBool(1));
    }

    [Fact]
    public void Normal_numbers_have_mean_0_deviation_1_and_normal_tails()
    {
        var random = new SampleRandom(6, 0, 0);
        double[] drawn = [.. Enumerable.Range(0, Count).Select(_ => random.NextNormal())];

        Assert.Equal(0, drawn.Average(), 0.016);
        Assert.Equal(1, drawn.Average(value => value * value), 0.023);
        Assert.Equal(0.0455, drawn.Count(value => Math.Abs(value) > 2) / (double)Count, 0.0035);
    }

    private static ulong First(long seed, int epoch, int index) => new SampleRandom(seed, epoch, index).NextBits();

    private static void Uniform(double[] drawn)
    {
        Assert.All(drawn, value => Assert.InRange(value, 0, Math.BitDecrement(1.0)));
        Assert.Equal(0.5, drawn.Average(), 5 / Math.Sqrt(12.0 * Count));
        Assert.All(drawn.CountBy(value => (int)(20 * value)), pair => Assert.Equal(Count / 20.0, pair.Value, 5 * Math.Sqrt(Count / 20.0)));
        Assert.Equal(0, drawn.Zip(drawn.Skip(1), (a, b) => 12 * (a - 0.5) * (b - 0.5)).Average(), 5 / Math.Sqrt(Count));
    }
}
