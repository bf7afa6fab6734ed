using DistillSharp.Native;

namespace DistillSharp.Tests.Native;

/// <summary>Records that overlap or point at each other must not keep the reader busy.</summary>
public sealed class ElfVersionNeedsOverlapTests
{
    private const int Room = 4 << 20;

    [Fact(Timeout = 20_000)]
    public async Task Needs_and_auxiliaries_one_byte_apart_are_given_up()
    {
        // Each of the four million entries would have 65,535 auxiliaries: 2^38 steps if they were followed.
        byte[] file = Padded(0x01, out var elf);
        elf.Tag(1, 0x6ffffffe, CraftedElf.Base + CraftedElf.Names);
        elf.Tag(2, 0x6fffffff, long.MaxValue);
        elf.Bytes.AsSpan(0, CraftedElf.Names).CopyTo(file);
        for (int i = CraftedElf.Names; i + 16 <= file.Length; i += 16)
        {
            // Version, count 65535, file, first auxiliary 16, next 16: an auxiliary's next is 16 too.
            ReadOnlySpan<byte> record = [1, 0, 0xFF, 0xFF, 0, 0, 0, 0, 16, 0, 0, 0, 16, 0, 0, 0];
            record.CopyTo(file.AsSpan(i));
        }

        await Refused(file, TestContext.Current.CancellationToken);
    }

    [Fact(Timeout = 20_000)]
    public async Task Many_dynamic_segments_over_the_same_bytes_are_given_up()
    {
        byte[] file = Padded(0x01, out var elf);
        elf.Int16(54, 0);
        elf.Int16(56, 65_535);
        elf.Segment(0, type: 2, offset: CraftedElf.Dynamic, address: CraftedElf.Base, size: Room - CraftedElf.Dynamic);
        elf.Bytes.AsSpan(0, CraftedElf.Dynamic).CopyTo(file);

        await Refused(file, TestContext.Current.CancellationToken);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_need_that_points_at_itself_ends()
    {
        var elf = new CraftedElf();
        elf.Tag(2, 0x6fffffff, long.MaxValue);
        elf.Int16(CraftedElf.Need + 2, 65_535);

        // An auxiliary whose next is 0 is the last one, whatever the count says.
        Assert.Null(await Task.Run(() => ElfVersionNeeds.FindFlags(elf.Bytes, "GLIBCXX_9"), TestContext.Current.CancellationToken));
    }

    private static byte[] Padded(byte fill, out CraftedElf elf)
    {
        elf = new CraftedElf();
        byte[] file = new byte[Room];
        file.AsSpan().Fill(fill);
        elf.Segment(0, type: 1, offset: 0, address: CraftedElf.Base, size: Room);
        return file;
    }

    private static async Task Refused(byte[] file, CancellationToken cancellation)
    {
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => Task.Run(() => ElfVersionNeeds.FindFlags(file, "GLIBCXX_3.4.32"), cancellation).WaitAsync(cancellation));
        Assert.Contains("overlap", error.Message, StringComparison.Ordinal);
    }
}
