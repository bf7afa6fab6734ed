using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Metrics;

namespace DistillSharp.Tasks.Tests.Detection.Metrics;

public sealed class DetectionMatchesTests
{
    private const int Classes = 3;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 12)]
    [InlineData(3, 40)]
    [InlineData(4, 120)]
    public void Each_image_once_gives_the_very_score(long seed, int count)
    {
        var images = SampleDetections.Draw(seed, count, Classes, skill: 0.6);

        Assert.Equal(Scored(images, Enumerable.Range(0, count)), SampleDetections.Match(images, Classes).Map(Enumerable.Repeat(1, count).ToArray()), 1e-12);
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 30)]
    [InlineData(3, 100)]
    public void A_weighted_image_counts_as_often_as_if_it_were_scored_again(long seed, int count)
    {
        var images = SampleDetections.Draw(seed, count, Classes, skill: 0.5);
        var matches = SampleDetections.Match(images, Classes);
        var random = new SampleRandom(seed, 1, 0);
        for (int draw = 0; draw < 20; draw++)
        {
            int[] times = new int[count];
            for (int i = 0; i < count; i++)
            {
                times[random.NextInt(count)]++;
            }

            Assert.Equal(Scored(images, times.SelectMany((number, image) => Enumerable.Repeat(image, number))), matches.Map(times), 1e-12);
        }
    }

    [Fact]
    public void Nothing_found_nothing_true_and_wrong_additions()
    {
        var matches = new DetectionMatches(2);
        Assert.Equal(0, matches.Map([]));
        matches.Add(1, [], [new(new(0, 0, 9, 9), 1)]);
        Assert.Equal(0, matches.Map([1, 1]));
        Assert.Equal([1], matches.Pictures);
        Assert.Throws<ArgumentException>(() => matches.Map([1]));
        Assert.Throws<ArgumentException>(() => matches.Add(1, [], []));
        Assert.Throws<ArgumentException>(() => matches.Add(0, [new(new(0, 0, 9, 9), 0.5f, 2)], []));
    }

    private static double Scored(IReadOnlyList<(DetectedBox[] Found, TrueBox[] Truths)> images, IEnumerable<int> drawn)
    {
        var scorer = new DetectionScorer(Classes);
        foreach (int image in drawn)
        {
            scorer.Add(images[image].Found, images[image].Truths);
        }

        return scorer.Score().Map;
    }
}
