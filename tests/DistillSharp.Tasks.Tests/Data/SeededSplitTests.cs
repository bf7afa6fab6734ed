using CsCheck;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Tests.Data;

public sealed class SeededSplitTests
{
    [Fact]
    public void Both_sides_together_are_the_whole_each_in_the_sources_order_and_every_class_gives_its_share() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 5], Gen.Double[0, 0.99], Gen.Long).Sample(
            (count, classes, share, seed) =>
            {
                var source = Pictures.Samples(count, classes);

                var (kept, heldOut) = SeededSplit.Split(source, share, seed);

                string[] left = Names(kept), out_ = Names(heldOut);
                Assert.Equal(Names(source).Order(StringComparer.Ordinal), left.Concat(out_).Order(StringComparer.Ordinal));
                Assert.Equal(Names(source).Where(left.Contains), left);
                Assert.Equal(Names(source).Where(out_.Contains), out_);
                foreach (var (label, size) in Enumerable.Range(0, count).CountBy(source.LabelOf))
                {
                    Assert.Equal(share * size, Enumerable.Range(0, heldOut.Count).Count(i => heldOut.LabelOf(i) == label), 0.5000001);
                }
            },
            iter: 300);

    [Fact]
    public void A_seed_gives_the_same_split_and_another_seed_another()
    {
        var source = Pictures.Samples(100);

        Assert.Equal(HeldOut(source, 1), HeldOut(source, 1));
        Assert.NotEqual(HeldOut(source, 1), HeldOut(source, 2));
    }

    [Fact]
    public void Over_many_seeds_every_sample_is_held_out_equally_often()
    {
        var source = Pictures.Samples(30);
        var counts = Enumerable.Range(0, 2000).SelectMany(seed => HeldOut(source, seed)).CountBy(name => name).ToDictionary();

        // Binomial with n = 2000 and p = 0.2: deviation 17.9.
        Assert.Equal(30, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 400 - 90, 400 + 90));
    }

    [Fact]
    public void A_draw_has_the_number_asked_for_and_every_class_its_share_of_it() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 5], Gen.Int[0, 60], Gen.Long).Where((count, _, wanted, _) => wanted <= count).Sample(
            (count, classes, wanted, seed) =>
            {
                var source = Pictures.Samples(count, classes);

                var drawn = SeededSplit.Draw(source, [.. Enumerable.Range(0, count)], wanted, seed);

                Assert.Equal(wanted, drawn.Distinct().Count());
                Assert.Equal(drawn.Order(), drawn);
                foreach (var (label, size) in Enumerable.Range(0, count).CountBy(source.LabelOf))
                {
                    Assert.InRange(drawn.Count(i => source.LabelOf(i) == label) - ((double)wanted * size / count), -1, 1);
                }
            },
            iter: 300);

    [Fact]
    public void Only_given_positions_are_drawn_the_same_for_the_same_seed()
    {
        var source = Pictures.Samples(100);
        int[] odd = [.. Enumerable.Range(0, 50).Select(i => (2 * i) + 1)];

        var drawn = SeededSplit.Draw(source, odd, 20, 7);

        Assert.All(drawn, index => Assert.Contains(index, odd));
        Assert.Equal(drawn, SeededSplit.Draw(source, odd, 20, 7));
        Assert.NotEqual(drawn, SeededSplit.Draw(source, odd, 20, 8));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => SeededSplit.Draw(source, odd, 51, 7));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    public void A_share_out_of_range_is_refused(double share) =>
        Assert.Contains("0 or more and below 1", Assert.Throws<ArgumentOutOfRangeException>(nameof(share), () => SeededSplit.Split(Pictures.Samples(10), share, 0)).Message, StringComparison.Ordinal);

    [Fact]
    public void Omitted_classes_leave_the_others_in_order()
    {
        var left = SampleSubset.Without(Pictures.Samples(9), new HashSet<int> { 1 });

        Assert.Equal([0, 2, 0, 2, 0, 2], Enumerable.Range(0, left.Count).Select(left.LabelOf));
        Assert.Equal("made up, record 5", left.Describe(3));
        Assert.Equal(5 * 31, left.Read(3).Image.Pixels[0]);
    }

    private static string[] HeldOut(MemorySamples source, long seed) => Names(SeededSplit.Split(source, 0.2, seed).HeldOut);

    private static string[] Names(ISampleSource source) => [.. Enumerable.Range(0, source.Count).Select(source.Describe)];
}
