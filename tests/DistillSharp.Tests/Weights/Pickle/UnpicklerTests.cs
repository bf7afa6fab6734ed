using System.Numerics;
using DistillSharp.Graph;
using DistillSharp.Weights.Pickle;

namespace DistillSharp.Tests.Weights.Pickle;

public sealed class UnpicklerTests
{
    /// <summary>What Python's own pickle wrote (<c>pickle.dumps(value, protocol)</c>), by protocol, for one value.</summary>
    public static TheoryData<int, string> Dumps => new()
    {
        // {'a': [1, -2, 300, 70000, 2**40, 1.5], 'b': (None, True, False)}
        { 0, "(dp0\nVa\np1\n(lp2\nI1\naI-2\naI300\naI70000\naL1099511627776L\naF1.5\nasVb\np3\n(NI01\nI00\ntp4\ns." },
        { 1, "}q\u0000(X\u0001\u0000\u0000\u0000aq\u0001]q\u0002(K\u0001J\u00fe\u00ff\u00ff\u00ffM,\u0001Jp\u0011\u0001\u0000L1099511627776L\nG?\u00f8\u0000\u0000\u0000\u0000\u0000\u0000eX\u0001\u0000\u0000\u0000bq\u0003(NI01\nI00\ntq\u0004u." },
        { 2, "\u0080\u0002}q\u0000(X\u0001\u0000\u0000\u0000aq\u0001]q\u0002(K\u0001J\u00fe\u00ff\u00ff\u00ffM,\u0001Jp\u0011\u0001\u0000\u008a\u0006\u0000\u0000\u0000\u0000\u0000\u0001G?\u00f8\u0000\u0000\u0000\u0000\u0000\u0000eX\u0001\u0000\u0000\u0000bq\u0003N\u0088\u0089\u0087q\u0004u." },
        { 3, "\u0080\u0003}q\u0000(X\u0001\u0000\u0000\u0000aq\u0001]q\u0002(K\u0001J\u00fe\u00ff\u00ff\u00ffM,\u0001Jp\u0011\u0001\u0000\u008a\u0006\u0000\u0000\u0000\u0000\u0000\u0001G?\u00f8\u0000\u0000\u0000\u0000\u0000\u0000eX\u0001\u0000\u0000\u0000bq\u0003N\u0088\u0089\u0087q\u0004u." },
        { 4, "\u0080\u0004\u00956\u0000\u0000\u0000\u0000\u0000\u0000\u0000}\u0094(\u008c\u0001a\u0094]\u0094(K\u0001J\u00fe\u00ff\u00ff\u00ffM,\u0001Jp\u0011\u0001\u0000\u008a\u0006\u0000\u0000\u0000\u0000\u0000\u0001G?\u00f8\u0000\u0000\u0000\u0000\u0000\u0000e\u008c\u0001b\u0094N\u0088\u0089\u0087\u0094u." },
        { 5, "\u0080\u0005\u00956\u0000\u0000\u0000\u0000\u0000\u0000\u0000}\u0094(\u008c\u0001a\u0094]\u0094(K\u0001J\u00fe\u00ff\u00ff\u00ffM,\u0001Jp\u0011\u0001\u0000\u008a\u0006\u0000\u0000\u0000\u0000\u0000\u0001G?\u00f8\u0000\u0000\u0000\u0000\u0000\u0000e\u008c\u0001b\u0094N\u0088\u0089\u0087\u0094u." },
    };

    [Theory]
    [MemberData(nameof(Dumps))]
    public void A_value_is_the_same_in_every_protocol(int protocol, string latin)
    {
        var dict = Assert.IsType<PickleDict>(Load(latin.Select(letter => (byte)letter).ToArray()));

        Assert.True(protocol >= 0);
        Assert.Equal([1L, -2L, 300L, 70000L, 1L << 40, 1.5], Assert.IsType<PickleList>(dict.Find("a")).Items);
        Assert.Equal([null, true, false], Assert.IsType<PickleTuple>(dict.Find("b")).Items);
        Assert.Equal(["a", "b"], dict.Items.Select(pair => pair.Key));
    }

    [Fact]
    public void A_later_value_of_a_key_takes_the_place_of_the_earlier_one()
    {
        var dict = Assert.IsType<PickleDict>(Load(new PickleWriter().Op('}').Op('(').Text("a").Whole(1).Text("b").Whole(2).Text("a").Whole(3).Op('u').Done()));

        Assert.Equal<KeyValuePair<object?, object?>>([new("a", 3L), new("b", 2L)], dict.Items);
    }

    [Fact]
    public void An_object_becomes_a_record_of_what_would_have_been_made()
    {
        byte[] pickle = new PickleWriter().Global("torch.nn.modules.conv", "Conv2d").Op(')').Raw(0x81).Op('}').Text("stride").Whole(2).Op('s').Op('b').Done();

        var made = Assert.IsType<PickleObject>(Load(pickle));

        Assert.Equal("torch.nn.modules.conv.Conv2d", made.Type.FullName);
        Assert.Equal(2L, made.Attribute("stride"));
    }

    [Fact]
    public void Bytes_of_the_second_protocol_are_bytes()
    {
        byte[] pickle = new PickleWriter().Global("_codecs", "encode").Text("a\u00ff").Text("latin1").Raw(0x86).Op('R').Done();

        Assert.Equal([0x61, 0xFF], Assert.IsType<byte[]>(Load(pickle)));
    }

    [Fact]
    public void Names_by_the_stack_and_the_memo_work_as_in_the_fourth_protocol()
    {
        byte[] pickle = new PickleWriter(4).Raw(0x8C, 11).Raw("collections"u8).Raw(0x94).Raw(0x8C, 11).Raw("OrderedDict"u8).Raw(0x94, 0x93, 0x94).Op(')').Op('R').Raw(0x94)
            .Op('(').Op('h').Raw(0).Op('h').Raw(1).Op('u').Done();

        Assert.Equal<KeyValuePair<object?, object?>>([new("collections", "OrderedDict")], Assert.IsType<PickleDict>(Load(pickle)).Items);
    }

    [Fact]
    public void A_list_that_holds_itself_and_a_long_number_are_borne()
    {
        var list = Assert.IsType<PickleList>(Load(new PickleWriter().Op(']').Op('q').Raw(0).Op('h').Raw(0).Op('a').Done()));

        Assert.Same(list, list.Items[0]);
        Assert.Equal(BigInteger.Pow(2, 64), Load(new PickleWriter().Raw(0x8A, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1).Done()));
    }

    [Fact]
    public void Empty_and_ended_pickles_are_truncated_ones()
    {
        Assert.Contains("truncated", Assert.Throws<GraphException>(() => Load([])).Message, StringComparison.Ordinal);
        Assert.Contains("truncated", Assert.Throws<GraphException>(() => Load(new PickleWriter().Op('N').Cut())).Message, StringComparison.Ordinal);
    }

    internal static object? Load(byte[] pickle)
    {
        var cursor = new PickleCursor(pickle, "f.pt");
        return new Unpickler(cursor, new PickleCalls(cursor)).Load();
    }
}
