using System.Security.Cryptography;
using DistillSharp.Native;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Native;

public sealed class CompatibilityCopyTests
{
    [Fact]
    public void The_real_library_changes_in_two_bytes_at_most_and_the_original_in_none()
    {
        using var cache = new TemporaryFolder();
        string original = BridgeLibrary.Find();
        byte[] before = File.ReadAllBytes(original);

        string copy = CompatibilityCopy.Make(original, cache.Path);

        byte[] after = File.ReadAllBytes(copy);
        int flags = ElfVersionNeeds.FindFlags(before, CompatibilityCopy.Version) ?? throw new InvalidOperationException("The library no longer needs the version: drop the copy.");
        int[] changed = [.. Enumerable.Range(0, before.Length).Where(i => before[i] != after[i])];
        Assert.Equal(before.Length, after.Length);
        Assert.Equal([flags], changed);
        Assert.Equal(before[flags] | 0x2, after[flags]);
        Assert.Equal(before, File.ReadAllBytes(original));
    }

    [Fact]
    public void The_copy_lies_under_the_hash_of_the_original()
    {
        using var folder = new TemporaryFolder();
        string original = folder.Write("lib.so", new CraftedElf().Bytes);
        string hash = Convert.ToHexStringLower(SHA256.HashData(new CraftedElf().Bytes))[..32];

        Assert.Equal(folder["cache", hash, "lib.so"], CompatibilityCopy.Make(original, folder["cache"]));

        var other = new CraftedElf();
        other.Int16(CraftedElf.FirstAuxiliary + 4, 8);
        Assert.NotEqual(folder["cache", hash, "lib.so"], CompatibilityCopy.Make(folder.Write("lib.so", other.Bytes), folder["cache"]));
    }

    [Fact]
    public void The_second_call_writes_nothing()
    {
        using var folder = new TemporaryFolder();
        string original = folder.Write("lib.so", new CraftedElf().Bytes);
        string copy = CompatibilityCopy.Make(original, folder["cache"]);
        var old = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(copy, old);

        Assert.Equal(copy, CompatibilityCopy.Make(original, folder["cache"]));
        Assert.Equal(old, File.GetLastWriteTimeUtc(copy));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(0)]
    public void A_copy_that_is_cut_short_or_garbled_is_replaced(int length)
    {
        using var folder = new TemporaryFolder();
        string original = folder.Write("lib.so", new CraftedElf().Bytes);
        string copy = CompatibilityCopy.Make(original, folder["cache"]);
        byte[] good = File.ReadAllBytes(copy);
        File.WriteAllBytes(copy, length > 0 ? good[..length] : new byte[good.Length]);

        Assert.Equal(copy, CompatibilityCopy.Make(original, folder["cache"]));
        Assert.Equal(good, File.ReadAllBytes(copy));
    }

    [Fact]
    public async Task Calls_at_one_time_give_one_whole_copy()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = new byte[1 << 20];
        new CraftedElf().Bytes.CopyTo(bytes, 0);
        string original = folder.Write("lib.so", bytes);

        string[] copies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => CompatibilityCopy.Make(original, folder["cache"]))));

        string copy = Assert.Single(copies.Distinct());
        ElfVersionNeeds.MakeWeak(bytes, CompatibilityCopy.Version);
        Assert.Equal(bytes, File.ReadAllBytes(copy));
        Assert.Equal([copy], Directory.GetFiles(folder["cache"], "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_file_that_is_no_library_is_refused_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        string original = folder.Write("lib.so", "no library");

        Assert.Throws<InvalidDataException>(() => CompatibilityCopy.Make(original, folder["cache"]));
        Assert.False(Directory.Exists(folder["cache"]));
    }
}
