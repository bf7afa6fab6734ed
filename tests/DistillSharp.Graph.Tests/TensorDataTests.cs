namespace DistillSharp.Graph.Tests;

public sealed class TensorDataTests
{
    [Fact]
    public void Numbers_are_kept_little_endian_in_C_order()
    {
        var tensor = TensorData.Create<short>([1, 2, 3, 0x0405, -1, 6], 2, 3);

        Assert.Equal(ElementType.Int16, tensor.Type);
        Assert.Equal([2L, 3L], tensor.Shape);
        Assert.Equal(6, tensor.Count);
        Assert.Equal<byte>([1, 0, 2, 0, 3, 0, 5, 4, 255, 255, 6, 0], tensor.Bytes.ToArray());
    }

    [Fact]
    public void A_scalar_has_one_element_and_a_zero_dimension_none()
    {
        Assert.Equal(1, TensorData.Create<float>([5]).Count);
        Assert.Equal(0, TensorData.Create<float>([], 3, 0).Count);
    }

    [Fact]
    public void Writing_through_the_span_changes_the_tensor_but_not_what_it_was_made_from()
    {
        float[] source = [1, 2];
        var tensor = TensorData.Create<float>(source, 2);

        tensor.AsSpan<float>()[1] = 9;

        Assert.Equal([1f, 9f], tensor.AsSpan<float>().ToArray());
        Assert.Equal(2, source[1]);
    }

    [Fact]
    public void Another_type_than_the_tensors_own_is_refused_with_both()
    {
        var error = Assert.Throws<InvalidOperationException>(() => TensorData.Create<int>([1], 1).AsSpan<float>().Length);
        Assert.Equal("The tensor holds Int32, not Float32.", error.Message);
    }

    [Fact]
    public void A_length_that_does_not_fit_type_and_shape_is_refused_with_the_numbers()
    {
        var error = Assert.Throws<ArgumentException>("bytes", () => new TensorData(ElementType.Float64, [2, 3], new byte[47]));
        Assert.StartsWith("A Float64 tensor of shape [2, 3] has 48 bytes, but 47 were given.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shape_is_checked_for_overflow_and_negative_sizes()
    {
        Assert.Throws<OverflowException>(() => TensorData.CountOf([1L << 32, 1L << 32]));
        Assert.Throws<ArgumentOutOfRangeException>(() => TensorData.CountOf([2, -1]));
        Assert.Throws<OverflowException>(() => new TensorData(ElementType.Int64, [1L << 61], []));
    }

    [Theory]
    [InlineData(ElementType.Bool, 1)]
    [InlineData(ElementType.Int8, 1)]
    [InlineData(ElementType.BFloat16, 2)]
    [InlineData(ElementType.Float16, 2)]
    [InlineData(ElementType.UInt32, 4)]
    [InlineData(ElementType.Float64, 8)]
    public void An_element_takes_its_bytes(ElementType type, int size) => Assert.Equal(size, TensorData.SizeOf(type));

    [Fact]
    public void Text_has_no_element_size_and_a_decimal_no_element_type()
    {
        Assert.Contains("Text", Assert.Throws<NotSupportedException>(() => TensorData.SizeOf(ElementType.Text)).Message, StringComparison.Ordinal);
        Assert.Contains("System.Decimal", Assert.Throws<NotSupportedException>(() => TensorData.TypeOf<decimal>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_number_type_has_the_number_that_ONNX_publishes()
    {
        Assert.Equal(
            [1, 11, 7, 6, 2, 3, 9, 10, 5, 4, 12, 13],
            new[]
            {
                TensorData.TypeOf<float>(), TensorData.TypeOf<double>(), TensorData.TypeOf<long>(), TensorData.TypeOf<int>(),
                TensorData.TypeOf<byte>(), TensorData.TypeOf<sbyte>(), TensorData.TypeOf<bool>(), TensorData.TypeOf<Half>(),
                TensorData.TypeOf<short>(), TensorData.TypeOf<ushort>(), TensorData.TypeOf<uint>(), TensorData.TypeOf<ulong>(),
            }.Select(type => (int)type));
    }
}
