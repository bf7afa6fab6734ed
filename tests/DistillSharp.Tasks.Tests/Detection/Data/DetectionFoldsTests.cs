using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection.Data;

namespace DistillSharp.Tasks.Tests.Detection.Data;

public sealed class DetectionFoldsTests
{
    [Theory]
    [InlineData(23, 5)]
    [InlineData(20, 2)]
    [InlineData(7, 7)]
    public void Every_picture_is_held_out_once_and_trains_otherwise(int count, int folds)
    {
        var dealt = new DetectionFolds(new MadeUpDetections(count), folds, seed: 3);
        string[] all = [.. Enumerable.Range(0, count).Select(i => $"picture {i}")];
        List<string> heldOut = [];
        for (int i = 0; i < folds; i++)
        {
            var (train, held) = dealt[i];
            Assert.Equal(all, Names(train).Concat(Names(held)).OrderBy(name => Array.IndexOf(all, name)));
            Assert.InRange(held.Count, count / folds, ((count - 1) / folds) + 1);
            Assert.Equal(Names(held).OrderBy(name => Array.IndexOf(all, name)), Names(held));
            heldOut.AddRange(Names(held));
        }

        Assert.Equal(folds, dealt.Count);
        Assert.Equal(all, heldOut.OrderBy(name => Array.IndexOf(all, name)));
    }

    [Fact]
    public void Folds_hang_on_the_seed_alone_and_are_no_runs_of_neighbours()
    {
        string[] Held(long seed) => [.. Names(new DetectionFolds(new MadeUpDetections(30), 3, seed)[0].HeldOut)];

        Assert.Equal(Held(4), Held(4));
        Assert.NotEqual(Held(4), Held(5));
        Assert.NotEqual([.. Enumerable.Range(0, 10).Select(i => $"picture {i}")], Held(4));

        // Written down once: a fold must not move with the machine or the framework.
        Assert.Equal("8 9 11 13 14 15 18 20 23 29", string.Join(' ', Held(4).Select(name => name[8..])));
    }

    [Fact]
    public void Fewer_than_two_folds_more_than_pictures_and_folds_that_are_not_there_are_refused()
    {
        var source = new MadeUpDetections(4);

        Assert.Throws<ArgumentOutOfRangeException>("count", () => new DetectionFolds(source, 1, 0));
        Assert.Equal("4 pictures cannot be dealt into 5 folds: each fold holds out one picture or more. Add pictures, or take at most 4 folds.", Assert.Throws<DataException>(() => new DetectionFolds(source, 5, 0)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("fold", () => new DetectionFolds(source, 2, 0)[2]);
        Assert.Throws<ArgumentOutOfRangeException>("fold", () => new DetectionFolds(source, 2, 0)[-1]);
    }

    private static IEnumerable<string> Names(DetectionSubset subset) => Enumerable.Range(0, subset.Count).Select(subset.Describe);
}
