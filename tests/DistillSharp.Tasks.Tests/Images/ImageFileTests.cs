using System.Buffers.Binary;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;
using DistillSharp.TestKit;

namespace DistillSharp.Tasks.Tests.Images;

public sealed class ImageFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_colour_picture_survives_PNG_to_the_pixel()
    {
        var image = new PixelImage(3, 5, 7, [.. Enumerable.Range(0, 105).Select(i => (byte)(i * 37))]);

        ImageFile.SavePng(image, _folder["a.png"]);
        var read = ImageFile.Load(_folder["a.png"]);

        Assert.Equal((3, 5, 7), (read.Channels, read.Height, read.Width));
        Assert.Equal(image.Pixels, read.Pixels);
        Assert.Equal([_folder["a.png"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_grey_picture_is_read_back_as_three_equal_channels()
    {
        ImageFile.SavePng(new(1, 1, 3, [0, 100, 255]), _folder["a.png"]);

        Assert.Equal<byte>([0, 100, 255, 0, 100, 255, 0, 100, 255], ImageFile.Load(_folder["a.png"]).Pixels);
    }

    [Theory]
    [InlineData(1, "RG/BW")]
    [InlineData(2, "GR/WB")]
    [InlineData(3, "WB/GR")]
    [InlineData(4, "BW/RG")]
    [InlineData(5, "RB/GW")]
    [InlineData(6, "BR/WG")]
    [InlineData(7, "WG/BR")]
    [InlineData(8, "GW/RB")]
    public void The_cameras_orientation_is_respected(ushort orientation, string quarters)
    {
        var image = ImageFile.Load(_folder.Write("camera.jpg", JpegBytes.Quarters(orientation)));

        Assert.Equal(orientation >= 5 ? (32, 16) : (16, 32), (image.Height, image.Width));
        int top = image.Height / 4, bottom = 3 * image.Height / 4, left = image.Width / 4, right = 3 * image.Width / 4;
        Assert.Equal(quarters, $"{Colour(image, top, left)}{Colour(image, top, right)}/{Colour(image, bottom, left)}{Colour(image, bottom, right)}");
    }

    [Fact]
    public void The_format_is_told_by_the_bytes_and_not_by_the_name()
    {
        ImageFile.SavePng(Pictures.Flat(3, 2, 2, 9), _folder["a.png"]);
        File.Move(_folder["a.png"], _folder["a.jpg"]);

        Assert.All(ImageFile.Load(_folder["a.jpg"]).Pixels, pixel => Assert.Equal(9, pixel));
    }

    [Fact]
    public void A_picture_that_claims_to_be_huge_is_refused_before_memory_is_taken()
    {
        string path = Patched(20_000, 20_000);
        long before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<DataException>(() => ImageFile.Load(path));

        Assert.Equal($"The picture '{path}' claims 20000x20000 pixels; at most 100,000,000 are decoded.", error.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void A_picture_shorter_than_it_claims_is_refused_by_name()
    {
        string path = Patched(64, 64);

        Assert.StartsWith($"The picture '{path}' cannot be decoded: ", Assert.Throws<DataException>(() => ImageFile.Load(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is no picture")]
    [InlineData("\u0089PNG\r\n\u001a\n")]
    public void What_is_no_picture_is_refused_by_name(string content)
    {
        string path = _folder.Write("a.png", [.. content.Select(letter => (byte)letter)]);

        Assert.Equal($"The picture '{path}' cannot be decoded: it is no JPEG, PNG, BMP, WebP or GIF.", Assert.Throws<DataException>(() => ImageFile.Load(path)).Message);
    }

    [Fact]
    public void A_truncated_picture_is_refused_by_name()
    {
        byte[] jpeg = JpegBytes.Quarters(1);
        string path = _folder.Write("cut.jpg", jpeg[..(jpeg.Length * 3 / 4)]);

        Assert.StartsWith($"The picture '{path}' cannot be decoded: ", Assert.Throws<DataException>(() => ImageFile.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused_by_name() =>
        Assert.Contains($"'{_folder["none.png"]}' cannot be read", Assert.Throws<DataException>(() => ImageFile.Load(_folder["none.png"])).Message, StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();

    private static char Colour(PixelImage image, int y, int x)
    {
        int plane = image.Height * image.Width, place = (y * image.Width) + x;
        return (image.Pixels[place] > 128, image.Pixels[plane + place] > 128, image.Pixels[(2 * plane) + place] > 128) switch
        {
            (true, false, false) => 'R',
            (false, true, false) => 'G',
            (false, false, true) => 'B',
            (true, true, true) => 'W',
            _ => '?',
        };
    }

    /// <summary>A PNG of 2x2 whose header claims another size; the header's checksum is right.</summary>
    private string Patched(int width, int height)
    {
        ImageFile.SavePng(Pictures.Flat(3, 2, 2, 9), _folder["small.png"]);
        byte[] png = File.ReadAllBytes(_folder["small.png"]);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32(png.AsSpan(12, 17)));
        return _folder.Write("patched.png", png);
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }
}
