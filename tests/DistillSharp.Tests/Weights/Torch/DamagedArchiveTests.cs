using System.Diagnostics;
using DistillSharp.Graph;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Golden;
using DistillSharp.Tests.Weights.Pickle;
using DistillSharp.Weights;

namespace DistillSharp.Tests.Weights.Torch;

/// <summary>A small and a real archive, cut and changed at many places: each is read, or refused by name, at a bounded price.</summary>
public sealed class DamagedArchiveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Category", "Golden")]
    public void A_real_checkpoint_cut_anywhere_is_refused()
    {
        byte[] whole = File.ReadAllBytes(GoldenCheckpoint.Smallest);
        int cuts = 0;
        for (int length = whole.Length - 1; length >= 0; length -= whole.Length / 50)
        {
            Assert.Throws<GraphException>(() => TorchCheckpoint.Load(_folder.Write("cut.pt", whole[..length])));
            cuts++;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{cuts} cuts");
    }

    [Fact]
    [Trait("Category", "Golden")]
    public void A_real_pickle_cut_anywhere_is_refused()
    {
        byte[] pickle = GoldenCheckpoint.Pickle(GoldenCheckpoint.Smallest);
        int cuts = 0;
        for (int length = 0; length < pickle.Length; length += pickle.Length / 139)
        {
            string path = TorchFile.Write(_folder, pickle[..length]);
            Assert.Contains(path, Assert.Throws<GraphException>(() => TorchCheckpoint.Load(path)).Message, StringComparison.Ordinal);
            cuts++;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{cuts} cuts");
        Assert.True(cuts > 100);
    }

    [Fact]
    public void A_small_archive_cut_at_every_byte_is_refused()
    {
        byte[] whole = Small();
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<GraphException>(() => TorchCheckpoint.Load(_folder.Write("cut.pt", whole[..length])));
        }
    }

    [Fact]
    public void A_small_archive_with_any_byte_changed_is_read_or_refused()
    {
        byte[] whole = Small();
        int refused = 0, read = 0;
        for (int place = 0; place < whole.Length; place++)
        {
            foreach (byte change in new byte[] { 0x01, 0x80, 0xFF })
            {
                byte[] damaged = [.. whole];
                damaged[place] ^= change;
                long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
                try
                {
                    TorchCheckpoint.Load(_folder.Write("damaged.pt", damaged));
                    read++;
                }
                catch (GraphException)
                {
                    refused++;
                }

                Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 << 20, $"More than 64 MB were allocated for byte {place}.");
                Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10), $"Byte {place} took more than 10 s.");
            }
        }

        Assert.True(refused > whole.Length && read > 0, $"{refused} refused, {read} read");
    }

    /// <summary>The directory's numbers, each at its place by the format's description, set to the largest and other values.</summary>
    [Fact]
    public void A_directory_that_lies_is_refused()
    {
        byte[] whole = Small();
        int end = whole.Length - 22, first = BitConverter.ToInt32(whole, end + 16);
        foreach (var (place, width) in new[] { (end + 8, 2), (end + 10, 2), (end + 12, 4), (end + 16, 4), (first, 4), (first + 20, 4), (first + 24, 4), (first + 28, 2), (first + 42, 4) })
        {
            foreach (byte fill in new byte[] { 0xFF, 0x7F, 0x01 })
            {
                byte[] damaged = [.. whole];
                damaged.AsSpan(place, width).Fill(fill);
                if (place != end + 8)
                {
                    Assert.Throws<GraphException>(() => TorchCheckpoint.Load(_folder.Write("damaged.pt", damaged)));
                }
            }
        }

        // Two entries over the same bytes.
        byte[] overlapping = [.. whole];
        int second = first + 46 + BitConverter.ToInt16(whole, first + 28) + BitConverter.ToInt16(whole, first + 30);
        whole.AsSpan(first + 42, 4).CopyTo(overlapping.AsSpan(second + 42));
        Assert.Contains("where there is another", Assert.Throws<GraphException>(() => TorchCheckpoint.Load(_folder.Write("damaged.pt", overlapping))).Message, StringComparison.Ordinal);
    }

    private byte[] Small()
    {
        byte[] pickle = new PickleWriter().Op('}').Text("a.weight").Tensor("FloatStorage", "0", 6, 0, [2, 3], [1, 2]).Op('s').Text("a.bias").Tensor("HalfStorage", "1", 2, 0, [2], [1]).Op('s').Done();
        string path = TorchFile.Write(_folder, pickle, ("0", TorchFile.Floats(0, 1, 2, 3, 4, 5)), ("1", [0, 0x3C, 0, 0x40]));
        Assert.Equal([0f, 2, 4, 1, 3, 5], TorchCheckpoint.Load(path).StateDict["a.weight"].AsSpan<float>().ToArray());
        return File.ReadAllBytes(path);
    }
}
