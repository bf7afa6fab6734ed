using System.Diagnostics;
using System.Text;
using DistillSharp.Graph;
using DistillSharp.TestKit;
using DistillSharp.Tests.Weights.Torch;
using DistillSharp.Weights;
using DistillSharp.Weights.Pickle;

namespace DistillSharp.Tests.Weights.Pickle;

/// <summary>Pickles that try to run something, or to take memory or time: each is refused by name and place, and costs no more than its own bytes.</summary>
public sealed class HostilePickleTests
{
    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("nt", "system")]
    [InlineData("subprocess", "Popen")]
    [InlineData("builtins", "eval")]
    [InlineData("builtins", "exec")]
    [InlineData("builtins", "getattr")]
    [InlineData("builtins", "__import__")]
    [InlineData("builtins", "open")]
    [InlineData("builtins", "print")]
    [InlineData("__builtin__", "eval")]
    [InlineData("__builtin__", "getattr")]
    [InlineData("operator", "attrgetter")]
    [InlineData("functools", "partial")]
    [InlineData("importlib", "import_module")]
    [InlineData("torch", "load")]
    [InlineData("torch.hub", "load")]
    [InlineData("torch._inductor.codecache", "compile_file")]
    [InlineData("torch.nn.modules", "os.system")]
    [InlineData("torch.nn.modules.", "Conv2d")]
    [InlineData("ultralytics-evil", "x")]
    [InlineData("ultralyticsx", "x")]
    [InlineData("webbrowser", "open")]
    [InlineData("numpy", "load")]
    [InlineData("numpy.testing._private.utils", "runstring")]
    [InlineData("", "")]
    [InlineData("collections", "namedtuple")]
    [InlineData("my_own_package", "Net")]
    [InlineData("__main__", "Net")]
    public void A_name_that_weights_have_no_use_for_is_refused_with_its_place(string module, string name)
    {
        // As such files do it: name, arguments, call; the byte is that of the name's opcode.
        Refused(new PickleWriter().Global(module, name).Text("touch /tmp/pwned").Raw(0x85).Op('R').Done(), $"at byte 2 of its pickle, it asks for '{module}.{name}'");
        Refused(new PickleWriter(4).Text(module).Text(name).Raw(0x93).Op(')').Raw(0x81).Done(), $"it asks for '{module}.{name}'");
        Refused(new PickleWriter().Op('(').Text("x").Op('i').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n")).Done(), $"it asks for '{module}.{name}'");
        Refused(new PickleWriter().Op('(').Global(module, name).Text("x").Op('o').Done(), $"it asks for '{module}.{name}'");
    }

    [Fact]
    public void A_call_whose_callable_is_a_result_is_refused()
    {
        byte[] nested = new PickleWriter().Global("torch.nn", "Module").Op(')').Op('R').Op(')').Op('R').Done();
        byte[] text = new PickleWriter().Text("os.system").Op(')').Op('R').Done();
        byte[] made = new PickleWriter().Op('}').Op(')').Raw(0x81).Done();
        byte[] full = new PickleWriter().Op('N').Op(')').Op('}').Raw(0x92).Done();

        Assert.All(new[] { nested, text, made, full }, pickle => Refused(pickle, "that is no name but the result of another step"));
    }

    [Theory]
    [InlineData("'torch.Size' is called with arguments it does not take", "torch", "Size")]
    [InlineData("'torch._utils._rebuild_tensor_v2' is called with arguments", "torch._utils", "_rebuild_tensor_v2")]
    [InlineData("'torch._utils._rebuild_tensor_v3' is called with arguments", "torch._utils", "_rebuild_tensor_v3")]
    [InlineData("'torch._utils._rebuild_parameter' is called with arguments", "torch._utils", "_rebuild_parameter")]
    [InlineData("'torch._tensor._rebuild_from_type_v2' is called with arguments", "torch._tensor", "_rebuild_from_type_v2")]
    public void A_known_call_with_wrong_arguments_is_refused(string message, string module, string name)
    {
        Refused(new PickleWriter().Global(module, name).Op(')').Op('R').Done(), message);
        Refused(new PickleWriter().Global(module, name).Op('N').Raw(0x85).Op('R').Done(), message);
    }

    [Fact]
    public void A_persistent_id_must_be_a_storage()
    {
        Refused(new PickleWriter().Op('N').Op('Q').Done(), "a persistent id that is no ('storage'");
        Refused(new PickleWriter().Op('P').Raw("storage\n"u8).Done(), "a persistent id that is no ('storage'");
        Refused(new PickleWriter().Op('(').Text("module").Global("torch", "FloatStorage").Text("0").Text("cpu").Whole(1).Op('t').Op('Q').Done(), "a persistent id that is no ('storage'");
        Refused(new PickleWriter().Op('(').Text("storage").Text("FloatStorage").Text("0").Text("cpu").Whole(1).Op('t').Op('Q').Done(), "a persistent id that is no ('storage'");
        Refused(new PickleWriter().Storage("FloatStorage", "0", -1).Done(), "a persistent id that is no ('storage'");
        Refused(new PickleWriter().Storage("Size", "0", 1).Done(), "'torch.Size', which is no type of elements");
        Refused(new PickleWriter().Storage("FloatStorage", "0", 1).Op('N').Raw(0x86).Op('Q').Done(), "a persistent id that is no ('storage'");
    }

    [Theory]
    [InlineData(0x82)]
    [InlineData(0x83)]
    [InlineData(0x84)]
    [InlineData(0x97)]
    [InlineData(0x98)]
    public void Extensions_and_buffers_outside_the_file_are_refused(byte opcode) => Refused(new PickleWriter().Raw(opcode, 0, 0, 0, 0).Done(), "lies outside the file");

    [Fact]
    public void Every_byte_that_is_no_opcode_is_told_with_its_place()
    {
        int unknown = 0;
        for (int opcode = 0; opcode < 256; opcode++)
        {
            string message = Assert.ThrowsAny<Exception>(() => Load([0x80, 2, (byte)opcode])).Message;
            Assert.Contains("at byte ", message, StringComparison.Ordinal);
            unknown += message.Contains($"at byte 2 of its pickle, there is the unknown opcode 0x{opcode:x2}", StringComparison.Ordinal) ? 1 : 0;
        }

        // 256 less the 68 opcodes of protocols 0 to 5 (the symbols of Python's pickletools).
        Assert.Equal(256 - 68, unknown);
    }

    [Theory]
    [InlineData(0x8D)]
    [InlineData(0x8E)]
    [InlineData(0x96)]
    public void A_length_beyond_the_file_is_refused_before_anything_is_allocated(byte opcode)
    {
        foreach (ulong length in new[] { 100UL, 1UL << 31, 1UL << 40, ulong.MaxValue, 1UL << 63 })
        {
            Refused(new PickleWriter().Raw(opcode).Number(length).Done(), $"{length} bytes are asked for, but 1 are left");
        }

        Refused(new PickleWriter().Op('X').Number(uint.MaxValue).Done(), "4294967295 bytes are asked for");
        Refused(new PickleWriter().Raw(0x8B).Number(uint.MaxValue).Done(), "a whole number has 4294967295 bytes");
        Refused(new PickleWriter().Raw(0x95).Number(1UL << 50).Done(), "a frame of 1125899906842624 bytes");
        Refused(new PickleWriter().Op('V').Raw(new byte[10_000]).Done(), "a line has more than 4096 bytes");
        Refused(new PickleWriter().Op('L').Raw(Encoding.ASCII.GetBytes(new string('9', 4000) + "L\n")).Done(), "a whole number is expected");
    }

    [Fact]
    public void Deep_nesting_of_every_kind_ends_in_an_error_or_in_a_record_and_never_in_a_crash()
    {
        Refused(new PickleWriter().Raw([.. Enumerable.Repeat((byte)'(', 100_000)]).Done(), "nested more than 2000 deep");

        byte[] tuples = new PickleWriter().Op('N').Raw([.. Enumerable.Repeat((byte)0x85, 1_000_000)]).Done();
        Assert.IsType<PickleTuple>(Load(tuples));
        byte[] asKey = new PickleWriter().Op('}').Op('N').Raw([.. Enumerable.Repeat((byte)0x85, 1_000_000)]).Op('N').Op('s').Done();
        Assert.Single(Assert.IsType<PickleDict>(Load(asKey)).Items);
    }

    [Fact]
    public void Bombs_of_the_stack_the_memo_and_of_shared_lists_cost_no_more_than_their_bytes()
    {
        Refused(new PickleWriter().Raw([.. Enumerable.Repeat((byte)'N', 2_000_000)]).Done(), "the stack holds more than 1000000 items");

        // A list of two of a list of two of ... : 2 to the 60th if it were ever walked.
        var doubled = new PickleWriter().Op(']').Op('q').Raw(0);
        for (byte i = 1; i <= 60; i++)
        {
            doubled.Op(']').Op('q').Raw(i).Op('(').Op('h').Raw((byte)(i - 1)).Op('h').Raw((byte)(i - 1)).Op('e');
        }

        Assert.IsType<PickleList>(Cheaply(() => Load(doubled.Done())));

        // The same list of a thousand, copied into a set many times.
        var copied = new PickleWriter().Op(']').Op('q').Raw(0).Op('(').Raw([.. Enumerable.Repeat((byte)'N', 1000)]).Op('e').Global("builtins", "set").Op('q').Raw(1);
        for (int i = 0; i < 5000; i++)
        {
            copied.Op('h').Raw(1).Op('h').Raw(0).Raw(0x85).Op('R');
        }

        Refused(copied.Done(), "more is copied than the pickle holds");
        Refused(new PickleWriter().Op('j').Number(uint.MaxValue).Done(), "the memo holds nothing under 4294967295");
        Assert.Null(Cheaply(() => Load(new PickleWriter().Op('N').Op('r').Number(uint.MaxValue).Done())));
    }

    [Fact]
    public void Wrong_stacks_are_refused()
    {
        Refused(new PickleWriter().Done(), "1 value is asked for, but 0 lie on the stack");
        Refused(new PickleWriter().Op('N').Op('(').Op('.').Done(), "1 value is asked for, but 0 lie on the stack");
        Refused(new PickleWriter().Op('t').Done(), "a mark is asked for, but none is set");
        Refused(new PickleWriter().Op('N').Op('N').Op('a').Done(), "added to something that is no list");
        Refused(new PickleWriter().Op(']').Op('(').Op('N').Op('u').Done(), "set on something that is no dictionary");
        Refused(new PickleWriter().Op('}').Op('(').Op('N').Op('u').Done(), "a key has no value");
        Refused(new PickleWriter().Op('N').Op('N').Op('b').Done(), "a state is set on something that has none");
        Refused(new PickleWriter(9).Op('N').Done(), "protocol 9 is announced");
        Refused(new PickleWriter().Op('I').Raw("x\n"u8).Done(), "a whole number is expected");
        Refused(new PickleWriter().Op('F').Raw("x\n"u8).Done(), "a number is expected");
        Refused(new PickleWriter().Op('S').Raw("x\n"u8).Done(), "a text is not quoted");
        Refused(new PickleWriter().Op('g').Raw("-1\n"u8).Done(), "a memo's number is out of range");
        Refused(new PickleWriter().Global("torch", "Size").Op('N').Op('R').Done(), "a call's arguments are no tuple");
        Refused(new PickleWriter().Op('N').Op('N').Raw(0x93).Done(), "a name is expected");
    }

    [Fact]
    public void A_hostile_file_is_refused_through_the_front_door_and_runs_nothing()
    {
        using var folder = new TemporaryFolder();
        string target = folder["pwned"];
        string path = TorchFile.Write(folder, new PickleWriter().Op('}').Text("model").Global("posix", "system").Text($"touch {target}").Raw(0x85).Op('R').Op('s').Done());

        string message = Assert.Throws<GraphException>(() => TorchCheckpoint.Load(path)).Message;

        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.Contains("it asks for 'posix.system'", message, StringComparison.Ordinal);
        Assert.Contains("Nothing was run", message, StringComparison.Ordinal);
        Assert.False(File.Exists(target));
    }

    private static object? Load(byte[] pickle)
    {
        var cursor = new PickleCursor(pickle, "f.pt");
        return new Unpickler(cursor, new DistillSharp.Weights.Torch.TorchCalls(cursor)).Load();
    }

    private static void Refused(byte[] pickle, string message)
    {
        var error = Assert.Throws<GraphException>(() => Cheaply(() => Load(pickle)));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("'f.pt' cannot be read: at byte ", error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Length < 1000, error.Message);
    }

    private static object? Cheaply(Func<object?> work)
    {
        long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
        try
        {
            return work();
        }
        finally
        {
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 << 20, "More than 64 MB were allocated.");
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10), "It took more than 10 s.");
        }
    }
}
