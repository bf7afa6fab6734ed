using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.Tasks.Images;
using DistillSharp.Tasks.Tests.Images;
using DistillSharp.TestKit;

namespace DistillSharp.Tasks.Tests.Detection.Data;

public sealed class DetectionCheckerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Broken_pictures_and_labels_are_left_out_by_name_and_the_rest_is_kept()
    {
        string good = Picture("a", "0 0.5 0.5 0.5 0.5"), empty = Picture("b", null), bad = Picture("c", "0 9 9 9 9"), tiny = Picture("d", "0 0.5 0.5 0.5 0.5", 1, 1);
        string text = _folder.Write("images/e.jpg", "no picture"), huge = _folder.Write("images/f.png", PngBytes.Of(20_000, 20_000, 8, 0, new byte[20_000]));

        var files = Check([good, empty, bad, tiny, text, huge]);

        Assert.Equal((2, 1, 1), (files.Count, files.BackgroundCount, files.BoxCount));
        Assert.Equal((20, 12), files.SizeOf(0));
        Assert.Equal([good, empty], Enumerable.Range(0, files.Count).Select(files.Describe));
        Assert.Equal(5, files.Remarks.Count);
        Assert.Equal($"{bad}: ignoring corrupt image/label: {_folder["labels", "c.txt"]}, line 1: non-normalized or out of bounds coordinates [0 9 9 9 9]", files.Remarks[0]);
        Assert.Equal($"{tiny}: ignoring corrupt image/label: image size (1, 1) <10 pixels", files.Remarks[1]);
        Assert.Contains($"{text}: ignoring corrupt image/label: ", files.Remarks[2], StringComparison.Ordinal);
        Assert.Contains("20000x20000", files.Remarks[3], StringComparison.Ordinal);
        Assert.Equal("test, train: 2 images, 1 backgrounds, 4 corrupt", files.Remarks[4]);
    }

    [Fact]
    public void A_class_out_of_range_stops_with_file_and_line()
    {
        string[] pictures = [Picture("a", "0 0.5 0.5 0.5 0.5"), Picture("b", "0 0.5 0.5 0.5 0.5\n2 0.5 0.5 0.5 0.5")];

        string message = Assert.Throws<DataException>(() => Check(pictures)).Message;

        Assert.Contains($"{_folder["labels", "b.txt"]}, line 2: label class 2 exceeds dataset class count 2. Possible class labels are 0-1", message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_labels_at_all_and_nothing_but_bad_ones_stop()
    {
        Assert.Contains("no labels found: none of 2 pictures has a box (2 have no label file)", Assert.Throws<DataException>(() => Check([Picture("a", null), Picture("b", null)])).Message, StringComparison.Ordinal);
        Assert.Contains("all 1 pictures or their labels are corrupt", Assert.Throws<DataException>(() => Check([Picture("c", "0 0.5 0.5 0.5")])).Message, StringComparison.Ordinal);
        Assert.Contains("no pictures", Assert.Throws<DataException>(() => Check([])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_checked_is_kept_beside_the_labels_until_a_file_changes()
    {
        string[] pictures = [Picture("a", "0 0.5 0.5 0.5 0.5"), Picture("b", null)];
        Check(pictures, cache: null);
        string kept = Assert.Single(Directory.GetFiles(_folder.Path, "*.cache"));

        // The same length and time: only a kept result can still say what the file no longer does.
        var time = File.GetLastWriteTimeUtc(_folder["labels", "a.txt"]);
        _folder.Write("labels/a.txt", "1 0.5 0.5 0.5 0.5");
        File.SetLastWriteTimeUtc(_folder["labels", "a.txt"], time);
        Assert.Equal(0, Check(pictures, cache: null).LabelsOf(0)[0].ClassIndex);

        File.SetLastWriteTimeUtc(_folder["labels", "a.txt"], time.AddSeconds(1));
        Assert.Equal(1, Check(pictures, cache: null).LabelsOf(0)[0].ClassIndex);

        _folder.Write("labels/b.txt", "0 0.5 0.5 0.5 0.5");
        Assert.Equal(2, Check(pictures, cache: null).BoxCount);
        Assert.Equal([kept], Directory.GetFiles(_folder.Path, "*.cache"));
    }

    [Fact]
    public void A_kept_result_that_is_damaged_anywhere_is_made_again()
    {
        string[] pictures = [Picture("a", "0 0.5 0.5 0.5 0.5"), Picture("b", null), Picture("c", "0 0.5 0.5")];
        var first = Check(pictures, _folder["cache"]);
        string kept = Assert.Single(Directory.GetFiles(_folder["cache"]));
        byte[] whole = File.ReadAllBytes(kept);
        for (int i = 0; i < whole.Length; i += 3)
        {
            byte[] damaged = [.. whole];
            damaged[i] ^= 0x80;
            File.WriteAllBytes(kept, i % 2 == 0 ? damaged : whole[..i]);

            var again = Check(pictures, _folder["cache"]);

            Assert.Equal(first.Remarks, again.Remarks);
            Assert.Equal(first.LabelsOf(0), again.LabelsOf(0));
            Assert.Equal(whole, File.ReadAllBytes(kept));
        }
    }

    [Fact]
    public void Counts_that_a_forged_result_claims_take_no_memory()
    {
        string[] pictures = [Picture("a", "0 0.5 0.5 0.5 0.5")];
        Check(pictures, _folder["cache"]);
        string kept = Assert.Single(Directory.GetFiles(_folder["cache"]));
        byte[] bytes = File.ReadAllBytes(kept);

        // After the word (8), the key (32), the count (4), the size (8) and the flags (1) stands the number of boxes.
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(53), int.MaxValue);
        System.Security.Cryptography.SHA256.HashData(bytes.AsSpan(0, bytes.Length - 32), bytes.AsSpan(bytes.Length - 32));
        File.WriteAllBytes(kept, bytes);
        long before = GC.GetTotalAllocatedBytes();

        Assert.Equal(1, Check(pictures, _folder["cache"]).BoxCount);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 5_000_000);
    }

    [Fact]
    public void A_folder_that_nobody_may_write_to_stays_as_it_is()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no mode bits: run this test on Linux or macOS.");
            return;
        }

        string[] pictures = [Picture("a", "0 0.5 0.5 0.5 0.5")];
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            Assert.Equal(1, Check(pictures, cache: null).BoxCount);
            Assert.Empty(Directory.GetFiles(_folder.Path));
        }
        finally
        {
            File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public void Dispose() => _folder.Dispose();

    private DetectionFiles Check(string[] pictures) => new DetectionChecker(new() { Name = "test, train", ClassCount = 2, UseCache = false }).Check(pictures, new YoloLabels());

    private static DetectionFiles Check(string[] pictures, string? cache) => new DetectionChecker(new() { Name = "test, train", ClassCount = 2, CacheFolder = cache }).Check(pictures, new YoloLabels());

    private string Picture(string name, string? labels, int width = 20, int height = 12)
    {
        Directory.CreateDirectory(_folder["images"]);
        ImageFile.SavePng(Pictures.Flat(3, height, width, 7), _folder["images", name + ".png"]);
        if (labels is not null)
        {
            _folder.Write($"labels/{name}.txt", labels);
        }

        return _folder["images", name + ".png"];
    }
}
