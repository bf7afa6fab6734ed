using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Tests.Data;

public sealed class PartlyLabeledSamplesTests
{
    [Fact]
    public void Samples_keep_their_images_and_only_the_chosen_ones_their_labels()
    {
        var source = Pictures.Samples(6);
        var partly = new PartlyLabeledSamples(source, new HashSet<int> { 1, 5 });

        Assert.Equal(6, partly.Count);
        Assert.Equal([-1, source.LabelOf(1), -1, -1, -1, source.LabelOf(5)], Enumerable.Range(0, 6).Select(partly.LabelOf));
        Assert.All(Enumerable.Range(0, 6), i => Assert.Equal((source.Read(i).Image, partly.LabelOf(i), source.Describe(i)), (partly.Read(i).Image, partly.Read(i).Label, partly.Describe(i))));
    }

    [Fact]
    public void A_batch_counts_the_samples_that_have_a_label()
    {
        var partly = new PartlyLabeledSamples(Pictures.Samples(6), new HashSet<int> { 1, 5 });

        int[] counts = [.. new BatchLoader(partly, new() { Input = new(1, 28, 28, [0], [1]), BatchSize = 4, Workers = 0 }).Epoch(0).Select(batch => batch.CountLabeled)];

        Assert.Equal([1, 1], counts);
    }
}
