using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;
using DistillSharp.TestKit;

namespace DistillSharp.Tasks.Tests.Images;

/// <summary>Kinds of pictures that data sets hold beside the usual ones.</summary>
public sealed class ImageFileKindsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Sixteen_bits_a_channel_become_eight()
    {
        var image = Load("deep.png", PngBytes.Of(2, 1, 16, 2, [255, 255, 0, 0, 128, 0, 0, 0, 64, 0, 255, 255]));

        Assert.Equal<byte>([255, 0, 0, 64, 128, 255], image.Pixels);
    }

    [Fact]
    public void Deep_grey_and_a_palette_become_three_channels()
    {
        Assert.Equal<byte>([200, 10, 200, 10, 200, 10], Load("grey.png", PngBytes.Of(2, 1, 16, 0, [200, 200, 10, 10])).Pixels);
        Assert.Equal<byte>([1, 7, 2, 8, 3, 9], Load("palette.png", PngBytes.Of(2, 1, 8, 3, [0, 1], [1, 2, 3, 7, 8, 9])).Pixels);
    }

    [Fact]
    public void Printers_inks_become_red_green_and_blue()
    {
        // Magenta and yellow in full, no cyan and no black: red. Adobe stores inks inverted.
        var image = Load("inks.jpg", Inks(255, 0, 0, 255));

        Assert.Equal((8, 8), (image.Height, image.Width));
        Assert.All(image.Pixels[..64], level => Assert.InRange(level, 250, 255));
        Assert.All(image.Pixels[64..], level => Assert.InRange(level, 0, 5));
    }

    [Theory]
    [InlineData(1, 32, 16)]
    [InlineData(3, 32, 16)]
    [InlineData(6, 16, 32)]
    [InlineData(8, 16, 32)]
    public void The_size_is_told_from_the_header_the_right_way_up(ushort orientation, int width, int height)
    {
        string path = _folder.Write("camera.jpg", JpegBytes.Quarters(orientation));
        var image = ImageFile.Load(path);

        Assert.Equal((width, height), ImageFile.Probe(path));
        Assert.Equal((width, height), (image.Width, image.Height));
    }

    [Fact]
    public void A_size_that_is_too_large_is_refused_without_decoding()
    {
        // Two bytes of pixels would not decode; the header alone is looked at.
        string path = _folder.Write("huge.png", PngBytes.Of(20_000, 20_000, 8, 0, new byte[20_000]));
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal($"The picture '{path}' claims 20000x20000 pixels; at most 100,000,000 are decoded.", Assert.Throws<DataException>(() => ImageFile.Probe(path)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Text_named_jpg_and_a_file_that_is_not_there_are_refused_by_name()
    {
        string path = _folder.Write("text.jpg", "this is no picture");

        Assert.Contains($"'{path}' cannot be decoded", Assert.Throws<DataException>(() => ImageFile.Probe(path)).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<DataException>(() => ImageFile.Probe(_folder["none.jpg"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_cut_off_is_found_and_a_whole_one_with_bytes_behind_is_not()
    {
        byte[] jpeg = JpegBytes.Quarters(1);
        ImageFile.CheckEnd(_folder.Write("whole.jpg", jpeg));
        ImageFile.CheckEnd(_folder.Write("behind.jpg", [.. jpeg, 0, 0, 0]));

        string cut = _folder.Write("cut.jpg", jpeg[..(jpeg.Length * 3 / 4)]);
        Assert.Contains($"'{cut}'", Assert.Throws<DataException>(() => ImageFile.CheckEnd(cut)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private PixelImage Load(string name, byte[] bytes) => ImageFile.Load(_folder.Write(name, bytes));

    /// <summary>A JPEG of 8x8 in four inks, of one level each: one block a channel with nothing but its mean.</summary>
    private static byte[] Inks(params int[] levels)
    {
        var bits = new List<int>();
        foreach (int level in levels)
        {
            // The mean is 8 times the level less 128; its size class is a 4-bit code, no further coefficients the code 0.
            int mean = 8 * (level - 128), size = mean == 0 ? 0 : 32 - int.LeadingZeroCount(Math.Abs(mean)), code = mean < 0 ? mean + (1 << size) - 1 : mean;
            bits.AddRange(Enumerable.Range(0, 4).Select(i => (size >> (3 - i)) & 1));
            bits.AddRange(Enumerable.Range(0, size).Select(i => (code >> (size - 1 - i)) & 1));
            bits.Add(0);
        }

        byte[] data = [.. bits.Chunk(8).SelectMany(chunk => Stuffed((byte)Enumerable.Range(0, 8).Sum(i => (i < chunk.Length ? chunk[i] : 1) << (7 - i))))];
        return
        [
            0xFF, 0xD8, 0xFF, 0xEE, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0,
            0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64),
            0xFF, 0xC0, 0, 20, 8, 0, 8, 0, 8, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0,
            0xFF, 0xC4, 0, 31, 0, 0, 0, 0, 12, .. new byte[12], .. Enumerable.Range(0, 12).Select(i => (byte)i),
            0xFF, 0xC4, 0, 20, 0x10, 1, .. new byte[15], 0,
            0xFF, 0xDA, 0, 14, 4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0, .. data, 0xFF, 0xD9,
        ];
    }

    private static byte[] Stuffed(byte value) => value == 0xFF ? [0xFF, 0] : [value];
}
