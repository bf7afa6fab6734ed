using DistillSharp.Native;

namespace DistillSharp.Tests.Native;

public sealed class ElfVersionNeedsTests
{
    private const string Version = "GLIBCXX_3.4.32";

    [Fact]
    public void The_flags_of_each_needed_version_are_found()
    {
        byte[] file = new CraftedElf().Bytes;

        Assert.Equal(CraftedElf.FirstAuxiliary + 4, ElfVersionNeeds.FindFlags(file, "GLIBCXX_3.4.1"));
        Assert.Equal(CraftedElf.SecondAuxiliary + 4, ElfVersionNeeds.FindFlags(file, Version));
    }

    [Theory]
    [InlineData("GLIBCXX_3.4.3")]
    [InlineData("GLIBCXX_3.4.321")]
    [InlineData("LIBCXX_3.4.32")]
    public void A_version_that_is_not_needed_is_not_found_and_nothing_changes(string version)
    {
        byte[] file = new CraftedElf().Bytes, before = [.. file];

        Assert.Null(ElfVersionNeeds.FindFlags(file, version));
        Assert.False(ElfVersionNeeds.MakeWeak(file, version));
        Assert.Equal(before, file);
    }

    [Fact]
    public void Making_a_version_weak_sets_one_bit_in_two_bytes_and_nothing_else()
    {
        var elf = new CraftedElf();
        elf.Int16(CraftedElf.SecondAuxiliary + 4, 0x0101);
        byte[] expected = [.. elf.Bytes];
        expected[CraftedElf.SecondAuxiliary + 4] = 0x03;

        Assert.True(ElfVersionNeeds.MakeWeak(elf.Bytes, Version));
        Assert.Equal(expected, elf.Bytes);
        Assert.False(ElfVersionNeeds.MakeWeak(elf.Bytes, Version));
        Assert.Equal(expected, elf.Bytes);
    }

    [Fact]
    public void A_library_without_version_needs_has_none()
    {
        var elf = new CraftedElf();
        elf.Tag(1, 7, CraftedElf.Base);

        Assert.Null(ElfVersionNeeds.FindFlags(elf.Bytes, Version));
    }

    [Fact]
    public void Whatever_the_length_a_truncated_file_is_refused_or_has_no_such_need()
    {
        byte[] file = new CraftedElf().Bytes;
        for (int length = 0; length < file.Length - 4; length++)
        {
            RefusedOrNull(file[..length]);
        }
    }

    [Fact]
    public void Whichever_byte_is_wrong_the_file_is_read_or_refused()
    {
        byte[] file = new CraftedElf().Bytes;
        for (int at = 0; at < file.Length; at++)
        {
            foreach (byte wrong in (ReadOnlySpan<byte>)[0x00, 0x01, 0x7F, 0x80, 0xFF])
            {
                byte[] broken = [.. file];
                broken[at] = wrong;
                ReadOrRefused(broken);
            }
        }
    }

    [Theory]
    [InlineData("no ELF", 0, 0x00)]
    [InlineData("32 bits", 4, 1)]
    [InlineData("big-endian", 5, 2)]
    public void Another_kind_of_file_is_refused(string kind, int at, byte value)
    {
        byte[] file = new CraftedElf().Bytes;
        file[at] = value;

        var error = Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.FindFlags(file, Version));
        Assert.Contains("64-bit little-endian ELF", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(kind);
    }

    [Fact]
    public void An_address_that_no_segment_loads_is_named()
    {
        var elf = new CraftedElf();
        elf.Tag(1, 0x6ffffffe, 0x7777777);

        var error = Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.FindFlags(elf.Bytes, Version));
        Assert.Contains("0x7777777", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Version_needs_without_names_are_refused()
    {
        var elf = new CraftedElf();
        elf.Tag(0, 7, 0);

        var error = Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.FindFlags(elf.Bytes, Version));
        Assert.Contains("no names", error.Message, StringComparison.Ordinal);
    }

    private static void RefusedOrNull(byte[] file)
    {
        try
        {
            Assert.Null(ElfVersionNeeds.FindFlags(file, Version));
        }
        catch (InvalidDataException)
        {
        }
    }

    private static void ReadOrRefused(byte[] file)
    {
        try
        {
            Assert.InRange(ElfVersionNeeds.FindFlags(file, Version) ?? 0, 0, file.Length - 2);
        }
        catch (InvalidDataException)
        {
        }
    }
}
