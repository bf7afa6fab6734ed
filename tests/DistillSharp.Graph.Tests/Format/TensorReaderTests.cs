using DistillSharp.Graph.Format;
using Google.Protobuf;
using static DistillSharp.Graph.Tests.Format.ForeignModel;

namespace DistillSharp.Graph.Tests.Format;

/// <summary>The format stores elements as raw bytes or in typed fields; both must give the same tensor.</summary>
public sealed class TensorReaderTests
{
    [Fact]
    public void Floats_doubles_and_longs_have_fields_of_their_own()
    {
        Assert.Equal([0.5f, 1.5f, 2.5f], Read(Floats("w", 3)).AsSpan<float>().ToArray());
        Assert.Equal([1.25, -2], Read(Tensor(ElementType.Float64, tensor => tensor.DoubleData.AddRange([1.25, -2]))).AsSpan<double>().ToArray());
        Assert.Equal([long.MinValue, 7], Read(Tensor(ElementType.Int64, tensor => tensor.Int64Data.AddRange([long.MinValue, 7]))).AsSpan<long>().ToArray());
        Assert.Equal([ulong.MaxValue, 1], Read(Tensor(ElementType.UInt64, tensor => tensor.Uint64Data.AddRange([ulong.MaxValue, 1]))).AsSpan<ulong>().ToArray());
        Assert.Equal([uint.MaxValue, 1], Read(Tensor(ElementType.UInt32, tensor => tensor.Uint64Data.AddRange([uint.MaxValue, 1]))).AsSpan<uint>().ToArray());
    }

    [Fact]
    public void Small_types_are_stored_as_ints()
    {
        Assert.Equal([-3, 4], Read(Tensor(ElementType.Int32, Ints(-3, 4))).AsSpan<int>().ToArray());
        Assert.Equal<short>([-3, 4], Read(Tensor(ElementType.Int16, Ints(-3, 4))).AsSpan<short>().ToArray());
        Assert.Equal<ushort>([65535, 4], Read(Tensor(ElementType.UInt16, Ints(65535, 4))).AsSpan<ushort>().ToArray());
        Assert.Equal<sbyte>([-128, 127], Read(Tensor(ElementType.Int8, Ints(-128, 127))).AsSpan<sbyte>().ToArray());
        Assert.Equal<byte>([255, 0], Read(Tensor(ElementType.UInt8, Ints(255, 0))).AsSpan<byte>().ToArray());
        Assert.Equal([true, false], Read(Tensor(ElementType.Bool, Ints(1, 0))).AsSpan<bool>().ToArray());

        // 0x3C00 is 1 and 0xC000 is -2 in IEEE half precision.
        Assert.Equal([(Half)1, (Half)(-2)], Read(Tensor(ElementType.Float16, Ints(0x3C00, 0xC000))).AsSpan<Half>().ToArray());
    }

    [Fact]
    public void Raw_bytes_give_the_same_tensor_as_typed_fields()
    {
        var raw = new TensorProto { Name = "w", DataType = 1, RawData = ByteString.CopyFrom(0, 0, 0, 0x3F, 0, 0, 0xC0, 0x3F) };
        raw.Dims.Add(2);

        Assert.Equal([0.5f, 1.5f], Read(raw).AsSpan<float>().ToArray());
    }

    [Theory]
    [InlineData(new long[] { 2, 3 }, "needs 24 bytes, but the file holds 4")]
    [InlineData(new long[] { 0 }, "needs 0 bytes, but the file holds 4")]
    [InlineData(new long[] { -1 }, "impossible shape [-1]")]
    [InlineData(new long[] { 1L << 40, 1L << 40 }, "impossible shape [1099511627776, 1099511627776]")]
    [InlineData(new long[] { 0, 1L << 40, 1L << 40 }, "impossible shape [0, 1099511627776, 1099511627776]")]
    [InlineData(new long[] { 1L << 62 }, "impossible shape [4611686018427387904]")]
    [InlineData(new long[] { 1L << 40 }, "needs 4398046511104 bytes, but the file holds 4")]
    public void A_shape_that_does_not_fit_the_elements_is_refused_with_the_numbers(long[] shape, string reason)
    {
        var tensor = Floats("w", 1);
        tensor.Dims.Clear();
        tensor.Dims.AddRange(shape);

        string message = Create(Node("Add", ["x", "w"], "y")).With(tensor).Refusal();

        Assert.Contains("'w'", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    [InlineData(-1)]
    public void An_element_type_that_is_not_read_is_refused_by_number(int type)
    {
        var tensor = Floats("w", 1);
        tensor.DataType = type;

        Assert.Contains($"'w' has element type {type}", Create(Node("Add", ["x", "w"], "y")).With(tensor).Refusal(), StringComparison.Ordinal);
    }

    private static TensorData Read(TensorProto tensor) => Create(Node("Add", ["x", "w"], "y")).With(tensor).Load().FindInitializer("w")!.Data;

    private static TensorProto Tensor(ElementType type, Action<TensorProto> fill)
    {
        var tensor = new TensorProto { Name = "w", DataType = (int)type };
        tensor.Dims.Add(2);
        fill(tensor);
        return tensor;
    }

    private static Action<TensorProto> Ints(params int[] values) => tensor => tensor.Int32Data.AddRange(values);
}
