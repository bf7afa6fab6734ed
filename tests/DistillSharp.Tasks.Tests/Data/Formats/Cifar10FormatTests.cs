using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Data.Formats;
using DistillSharp.TestKit;

namespace DistillSharp.Tasks.Tests.Data.Formats;

public sealed class Cifar10FormatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Any_of_the_training_files_will_do_and_the_length_tells_the_records()
    {
        _folder.Write("data_batch_4.bin", CifarRecords.Of(3));
        _folder.Write("data_batch_2.bin", CifarRecords.Of(9, 0));
        _folder.Write("test_batch.bin", CifarRecords.Of(5));

        var data = Open();

        Assert.Equal("CIFAR-10 subset, 3/1", data.Name);
        Assert.Equal([9, 0, 3], Enumerable.Range(0, 3).Select(data.Train.LabelOf));
        Assert.Equal((3, 32, 32), (data.Input.Channels, data.Input.Height, data.Input.Width));
    }

    [Fact]
    public void Pixels_are_red_green_and_blue_planes_after_the_label()
    {
        _folder.Write("data_batch_1.bin", CifarRecords.Record([7], 10, 20, 30));
        _folder.Write("test_batch.bin", CifarRecords.Of(5));

        var image = Open().Train.Read(0).Image;

        Assert.Equal((3, 32, 32), (image.Channels, image.Height, image.Width));
        Assert.Equal<byte>([10, 10, 20, 20, 30, 30], [image.Pixels[0], image.Pixels[1023], image.Pixels[1024], image.Pixels[2047], image.Pixels[2048], image.Pixels[3071]]);
    }

    [Fact]
    public void The_archives_own_folder_is_found_inside_the_sets()
    {
        _folder.Write("cifar10/cifar-10-batches-bin/data_batch_1.bin", CifarRecords.Of(1));
        _folder.Write("cifar10/cifar-10-batches-bin/test_batch.bin", CifarRecords.Of(2));

        Assert.Equal(2, Open().Test.LabelOf(0));
    }

    [Theory]
    [InlineData(0, "is empty")]
    [InlineData(3072, "is truncated: it has 3,072 bytes")]
    [InlineData(6000, "is truncated: it has 6,000 bytes")]
    public void A_file_of_no_whole_number_of_records_is_refused_with_the_numbers(int length, string reason)
    {
        string path = _folder.Write("data_batch_1.bin", CifarRecords.Of(1, 2)[..length]);
        _folder.Write("test_batch.bin", CifarRecords.Of(2));

        string message = Assert.Throws<DataException>(() => Open()).Message;

        Assert.StartsWith($"'{path}' {reason}", message, StringComparison.Ordinal);
        Assert.Contains("records of 3,073", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_out_of_range_is_refused_by_file_record_and_range()
    {
        _folder.Write("data_batch_1.bin", CifarRecords.Of(1));
        string path = _folder.Write("test_batch.bin", CifarRecords.Of(9, 10));

        Assert.Equal($"'{path}': label 10 of record 1 is out of range; there are 10 classes, 0 to 9.", Assert.Throws<DataException>(() => Open()).Message);
    }

    [Fact]
    public void An_absent_set_is_told_with_every_file_that_would_do()
    {
        _folder.Write("data_batch_1.bin", CifarRecords.Of(1));

        string message = Assert.Throws<DataException>(() => Open()).Message;

        Assert.Contains("test_batch.bin and any of data_batch_1.bin, data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, data_batch_5.bin", message, StringComparison.Ordinal);
        Assert.Contains($"'{_folder["cifar10"]}', '{_folder.Path}'", message, StringComparison.Ordinal);
        Assert.Contains($"Put the files into '{_folder["cifar10"]}'", message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Data")]
    public void The_real_subset_is_called_one_and_has_its_documented_counts()
    {
        var data = new Cifar10Format().Open(new() { Root = SharedFolder.Data(), MayDownload = false }, TestContext.Current.CancellationToken);

        Assert.Equal("CIFAR-10 subset, 10,000/5,000", data.Name);
        Assert.All(Enumerable.Range(0, 10_000).CountBy(data.Train.LabelOf), pair => Assert.Equal(1000, pair.Value));
        Assert.All(Enumerable.Range(0, 5_000).CountBy(data.Test.LabelOf), pair => Assert.Equal(500, pair.Value));
        Assert.Equal(File.ReadLines(SharedFolder.Data("cifar10", "batches.meta.txt")).Where(line => line.Length > 0), data.ClassNames);
    }

    public void Dispose() => _folder.Dispose();

    private ImageDataset Open() => new Cifar10Format().Open(new() { Root = _folder.Path, Cache = _folder["cache"], MayDownload = false }, TestContext.Current.CancellationToken);
}
