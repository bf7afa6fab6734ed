using DistillSharp.Losses.Relation;
using TorchSharp;
using static DistillSharp.Tests.Losses.FeaturePairs;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class ContrastSamplerTests
{
    private static readonly int[] s_labels = [0, 1, 0, 2, 1, 0];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_allowed_sample_is_drawn_about_as_often_and_no_other(bool otherClasses)
    {
        using var scope = NewDisposeScope();
        using var sampler = new ContrastSampler(s_labels, otherClasses, CPU);
        double[] drawn = Numbers(sampler.Draw(torch.tensor(new long[] { 2, 3 }), 6000, seed: 1));

        for (int row = 0; row < 2; row++)
        {
            int self = row == 0 ? 2 : 3;
            int[] allowed = [.. Enumerable.Range(0, 6).Where(i => otherClasses ? s_labels[i] != s_labels[self] : i != self)];
            double[] negatives = drawn[((row * 6001) + 1)..((row + 1) * 6001)];

            Assert.Equal(self, drawn[row * 6001]);
            Assert.Equal(allowed.Select(i => (double)i), negatives.Distinct().Order());
            Assert.All(negatives.GroupBy(sample => sample), group => Assert.InRange(group.Count(), 0.9 * 6000 / allowed.Length, 1.1 * 6000 / allowed.Length));
        }
    }

    [Fact]
    public void The_seed_alone_decides()
    {
        using var scope = NewDisposeScope();
        using var sampler = new ContrastSampler(s_labels, otherClasses: true, CPU);
        var indices = torch.tensor(new long[] { 0, 1 });
        double[][] draws = [.. new long[] { 5, 6, 5 }.Select(seed => Numbers(sampler.Draw(indices, 20, seed)))];

        Assert.Equal(draws[0], draws[2]);
        Assert.NotEqual(draws[0], draws[1]);
    }
}
