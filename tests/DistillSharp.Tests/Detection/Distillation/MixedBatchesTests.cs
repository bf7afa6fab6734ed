using DistillSharp.Detection.Data;
using DistillSharp.Detection.Training;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.TestKit;
using DistillSharp.Tests.Detection.Training;

namespace DistillSharp.Tests.Detection.Distillation;

public sealed class MixedBatchesTests
{
    [Fact]
    public void Every_batch_has_its_labelled_pictures_first_and_the_others_pass_by_pass()
    {
        using var folder = new TemporaryFolder();
        var mixed = Open(folder, out var labelled, out var others);

        var seen = new List<int>();
        foreach (var batch in Enumerable.Range(0, 4).SelectMany(epoch => mixed.Epoch(epoch, 0, TestContext.Current.CancellationToken)))
        {
            Assert.Equal((3, 1, 3 * 3 * 64 * 64), (batch.Count, batch.UnlabelledCount, batch.Pixels.Length));
            for (int i = 0; i < batch.Targets.Length; i += 6)
            {
                Assert.InRange(batch.Targets.Span[i], 0, 1);
            }

            seen.Add(Which(others, batch));
        }

        // 12 steps over 5 pictures without labels: two passes and two more, each pass another order.
        Assert.Equal(12, seen.Count);
        Assert.Equal([0, 1, 2, 3, 4], seen[..5].Order());
        Assert.Equal([0, 1, 2, 3, 4], seen[5..10].Order());
        Assert.NotEqual(seen[..5], seen[5..10]);
        Assert.Equal(6, labelled.Count);
    }

    [Fact]
    public void A_run_that_goes_on_sees_what_it_would_have_seen()
    {
        using var folder = new TemporaryFolder();
        var mixed = Open(folder, out _, out _);
        byte[][] whole = [.. mixed.Epoch(2, 0, TestContext.Current.CancellationToken).Select(batch => batch.Pixels.ToArray())];

        byte[][] rest = [.. mixed.Epoch(2, 1, TestContext.Current.CancellationToken).Select(batch => batch.Pixels.ToArray())];

        Assert.Equal(whole[1..], rest);
    }

    private static MixedBatches Open(TemporaryFolder folder, out IDetectionSource labelled, out IDetectionSource others)
    {
        var set = DetectionData.Open(RectangleSet.Write(folder, train: 6, val: 5));
        (labelled, others) = (set.Train, new UnlabelledDetectionPictures(folder["images", "val"]));
        var loading = new DetectionLoaderOptions { ImageSize = 64, Workers = 0, Shuffle = true, Seed = 4 };
        return new(new(labelled, loading with { BatchSize = 2 }), others, loading with { BatchSize = 1 });
    }

    /// <summary>The picture without labels that a batch ends with.</summary>
    private static int Which(IDetectionSource others, DetectionBatch batch)
    {
        var loader = new DetectionLoader(others, new() { ImageSize = 64, Workers = 0, BatchSize = 1 });
        byte[] last = batch.Pixels[^(3 * 64 * 64)..].ToArray();
        return Assert.Single(loader.Epoch(0).Where(one => one.Pixels.Span[..last.Length].SequenceEqual(last)).Select(one => one.Indices.Span[0]).ToList());
    }
}
