using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Data.Formats;
using DistillSharp.TestKit;

namespace DistillSharp.Tasks.Tests.Data.Formats;

public sealed class MnistFormatTests
{
    [Fact]
    [Trait("Category", "Data")]
    public void The_real_set_has_its_published_counts_and_statistics()
    {
        var data = new MnistFormat().Open(new() { Root = SharedFolder.Data(), MayDownload = false }, TestContext.Current.CancellationToken);

        Assert.Equal("MNIST (60,000/10,000)", data.Name);
        Assert.Equal((60_000, 10_000), (data.Train.Count, data.Test.Count));
        Assert.Equal([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], Enumerable.Range(0, 60_000).CountBy(data.Train.LabelOf).OrderBy(pair => pair.Key).Select(pair => pair.Value));
        Assert.Equal((1, 28, 28), (data.Input.Channels, data.Input.Height, data.Input.Width));

        var (mean, deviation) = Statistics(data.Train);
        Assert.Equal(mean, data.Input.Mean.Single(), 0.0001);
        Assert.Equal(deviation, data.Input.Deviation.Single(), 0.0001);
    }

    [Fact]
    public void Every_named_set_has_ten_classes_and_a_checksum_for_each_file()
    {
        foreach (var format in new IdxDatasetFormat[] { new MnistFormat(), new FashionMnistFormat() })
        {
            using var folder = new TemporaryFolder();
            var error = Assert.Throws<DataException>(() => format.Open(new() { Root = folder.Path, Cache = folder["cache"], MayDownload = false }));
            Assert.Contains(format is MnistFormat ? "'mnist'" : "'fashion-mnist'", error.Message, StringComparison.Ordinal);
        }
    }

    private static (double Mean, double Deviation) Statistics(ISampleSource source)
    {
        long count = 0, sum = 0, squares = 0;
        for (int i = 0; i < source.Count; i++)
        {
            foreach (byte pixel in source.Read(i).Image.Pixels)
            {
                (count, sum, squares) = (count + 1, sum + pixel, squares + (pixel * pixel));
            }
        }

        double mean = (double)sum / count;
        return (mean / 255, Math.Sqrt(((double)squares / count) - (mean * mean)) / 255);
    }
}
