using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Data.Formats;
using DistillSharp.TestKit;

namespace DistillSharp.Tasks.Tests.Data.Formats;

public sealed class Cifar100FormatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_fine_label_after_the_coarse_one_is_the_class()
    {
        Put([19, 99], [3, 0]);

        var data = Open();

        Assert.Equal("CIFAR-100 subset, 1/1", data.Name);
        Assert.Equal((99, 0), (data.Train.LabelOf(0), data.Test.LabelOf(0)));
        Assert.Equal<byte>([40, 50, 60], [data.Train.Read(0).Image.Pixels[0], data.Train.Read(0).Image.Pixels[1024], data.Train.Read(0).Image.Pixels[2048]]);
    }

    [Fact]
    public void The_names_come_from_the_file_beside_it_or_are_numbers()
    {
        Put([0, 1], [0, 2]);
        Assert.Equal("class 42", Open().ClassNames[42]);

        _folder.Write("fine_label_names.txt", string.Join('\n', Enumerable.Range(0, 100).Select(i => $"name{i}")) + "\n");
        Assert.Equal("name42", Open().ClassNames[42]);
        Assert.Equal(100, Open().ClassNames.Count);
    }

    [Fact]
    public void A_label_out_of_range_and_a_truncated_file_are_refused_by_file()
    {
        Put([0, 100], [0, 0]);
        Assert.Equal($"'{_folder["train.bin"]}': label 100 of record 0 is out of range; there are 100 classes, 0 to 99.", Assert.Throws<DataException>(() => Open()).Message);

        _folder.Write("train.bin", new byte[3073]);
        Assert.Contains("records of 3,074", Assert.Throws<DataException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_absent_set_is_told_with_its_files() => Assert.Contains("train.bin and test.bin", Assert.Throws<DataException>(() => Open()).Message, StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();

    private void Put(byte[] train, byte[] test)
    {
        _folder.Write("train.bin", CifarRecords.Record(train, 40, 50, 60));
        _folder.Write("test.bin", CifarRecords.Record(test, 0, 0, 0));
    }

    private ImageDataset Open() => new Cifar100Format().Open(new() { Root = _folder.Path, Cache = _folder["cache"], MayDownload = false }, TestContext.Current.CancellationToken);
}
