using DistillSharp.Tasks.Data;
using DistillSharp.TestKit;

namespace DistillSharp.Tasks.Tests.Data;

public sealed class IdxFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pictures_are_read_plain_and_zipped(bool zipped)
    {
        byte[] bytes = IdxBytes.Images(2, 3, [1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12]);

        var pictures = IdxFile.ReadImages(zipped ? _folder.Write("images.gz", IdxBytes.Gzip(bytes)) : _folder.Write("images", bytes));

        Assert.Equal(["1 2 3", "1 2 3"], pictures.Select(picture => $"{picture.Channels} {picture.Height} {picture.Width}"));
        Assert.Equal<byte>([7, 8, 9, 10, 11, 12], pictures[1].Pixels);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Labels_are_read_plain_and_zipped(bool zipped)
    {
        byte[] bytes = IdxBytes.Labels(0, 9, 4);

        Assert.Equal<byte>([0, 9, 4], IdxFile.ReadLabels(zipped ? _folder.Write("labels.gz", IdxBytes.Gzip(bytes)) : _folder.Write("labels", bytes), 10));
    }

    [Theory]
    [InlineData("images")]
    [InlineData("images.gz")]
    public void An_empty_file_is_refused_by_name(string name) => Refuses(_folder.Write(name, Array.Empty<byte>()), "is empty", "begins with a header of 16");

    [Fact]
    public void A_truncated_header_is_refused_with_its_length() => Refuses(_folder.Write("images", IdxBytes.Header(0x803, 5, 28)), "is truncated: it has 12 bytes", "a header of 16");

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_body_of_another_length_than_the_header_says_is_refused_with_the_numbers(int difference)
    {
        byte[] whole = [.. IdxBytes.Images(2, 3, [1, 2, 3, 4, 5, 6]), 0];

        Refuses(_folder.Write("images", whole[..(22 + difference)]), "says 1 x 2 x 3, which makes 22 bytes", $"it has {22 + difference}");
    }

    [Theory]
    [InlineData(-1, 28, 28)]
    [InlineData(0, 28, 28)]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue)]
    [InlineData(1, 0, 28)]
    public void Impossible_sizes_are_refused(int count, int height, int width) => Refuses(_folder.Write("images", IdxBytes.Header(0x803, count, height, width)), $"says {count} x {height} x {width}");

    [Fact]
    public void Labels_in_place_of_pictures_are_refused_by_their_magic_number() =>
        Refuses(_folder.Write("images", [.. IdxBytes.Labels(new byte[20])]), "is no IDX file of pictures", "begins with 0x00000801 instead of 0x00000803");

    [Fact]
    public void A_label_out_of_range_is_refused_by_file_record_and_range()
    {
        string path = _folder.Write("labels", IdxBytes.Labels(0, 9, 10, 11));

        var error = Assert.Throws<DataException>(() => IdxFile.ReadLabels(path, 10));

        Assert.Equal($"'{path}': label 10 of record 2 is out of range; there are 10 classes, 0 to 9.", error.Message);
    }

    [Fact]
    public void A_zipped_file_cut_short_is_refused_wherever_it_is_cut()
    {
        byte[] zipped = IdxBytes.Gzip(IdxBytes.Images(28, 28, [.. Enumerable.Range(0, 20).Select(i => Enumerable.Range(0, 784).Select(j => (byte)(i * j)).ToArray())]));
        for (int length = 50; length < zipped.Length - 8; length += 97)
        {
            Refuses(_folder.Write("images.gz", zipped[..length]), "truncated");
        }
    }

    [Fact]
    public void A_plain_file_called_zipped_is_refused() => Refuses(_folder.Write("images.gz", IdxBytes.Images(1, 1, [1])), "truncated or no gzip file");

    [Fact]
    public void Pictures_and_labels_of_different_numbers_do_not_fit()
    {
        var error = Assert.Throws<DataException>(() => new MemorySamples("digits", IdxFile.ReadImages(_folder.Write("images", IdxBytes.Images(1, 1, [1], [2]))), [0, 1, 2]));

        Assert.Equal("digits: 2 pictures do not fit 3 labels.", error.Message);
    }

    public void Dispose() => _folder.Dispose();

    private static void Refuses(string path, params string[] reasons)
    {
        string message = Assert.Throws<DataException>(() => IdxFile.ReadImages(path)).Message;

        Assert.StartsWith($"'{path}'", message, StringComparison.Ordinal);
        Assert.All(reasons, reason => Assert.Contains(reason, message, StringComparison.Ordinal));
    }
}
