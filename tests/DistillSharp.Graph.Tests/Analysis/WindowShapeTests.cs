namespace DistillSharp.Graph.Tests.Analysis;

/// <summary>Convolution and pooling: floor((size + pads - dilation (kernel - 1) - 1) / stride) + 1, worked by hand.</summary>
public sealed class WindowShapeTests
{
    [Theory]
    [InlineData(1, 0, 1, "2,8,30,30")]
    [InlineData(1, 1, 1, "2,8,32,32")]
    [InlineData(2, 1, 1, "2,8,16,16")]
    [InlineData(3, 0, 1, "2,8,10,10")]
    [InlineData(1, 0, 2, "2,8,28,28")]
    [InlineData(2, 3, 4, "2,8,15,15")]
    public void A_convolution_shrinks_by_stride_padding_and_dilation(int stride, int padding, int dilation, string expected) =>
        Assert.Equal(
            expected,
            new OneNode("Conv", "2,3,32,32", "8,3,3,3").With("strides", stride, stride).With("pads", padding, padding, padding, padding).With("dilations", dilation, dilation).Infer());

    [Fact]
    public void Every_side_and_dimension_counts_for_itself() =>
        Assert.Equal("n,4,6,3", new OneNode("Conv", "n,3,7,10", "4,3,3,5").With("strides", 1, 3).With("pads", 0, 1, 1, 2).With("dilations", 1, 1).Infer());

    [Theory]
    [InlineData("1,2,9", "6,2,3", "1,6,7")]
    [InlineData("1,2,4,5,6", "6,2,2,2,2", "1,6,3,4,5")]
    public void One_and_three_dimensions_are_windows_too(string input, string filter, string expected) => Assert.Equal(expected, new OneNode("Conv", input, filter).Infer());

    [Fact]
    public void Groups_see_their_own_channels_only()
    {
        Assert.Equal("1,12,5,5", new OneNode("Conv", "1,6,5,5", "12,2,1,1").With("group", 3).Infer());

        string message = new OneNode("Conv", "1,6,5,5", "12,2,1,1").With("group", 2).Refusal();
        Assert.Contains("Conv 'it'", message, StringComparison.Ordinal);
        Assert.Contains("(2 groups)", message, StringComparison.Ordinal);
        Assert.Contains("[1, 6, 5, 5]", message, StringComparison.Ordinal);
        Assert.Contains("[12, 2, 1, 1]", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SAME_UPPER", 2, "1,1,4,4")]
    [InlineData("SAME_LOWER", 3, "1,1,3,3")]
    [InlineData("VALID", 2, "1,1,3,3")]
    [InlineData("NOTSET", 1, "1,1,5,5")]
    public void Automatic_padding_keeps_the_size_over_the_stride(string kind, int stride, string expected) =>
        Assert.Equal(expected, new OneNode("Conv", "1,1,7,7", "1,1,3,3").With("auto_pad", kind).With("strides", stride, stride).Infer());

    [Theory]
    [InlineData(7, 2, 2, 0, 0, 3)]
    [InlineData(7, 2, 2, 0, 1, 4)]
    [InlineData(6, 3, 2, 0, 0, 2)]
    [InlineData(6, 3, 2, 0, 1, 3)]
    [InlineData(5, 2, 3, 1, 1, 2)]
    [InlineData(4, 2, 2, 1, 1, 3)]
    [InlineData(5, 1, 2, 0, 1, 3)]
    [InlineData(6, 1, 2, 0, 1, 3)]
    public void Rounding_up_adds_a_window_unless_it_would_begin_in_the_padding(int size, int kernel, int stride, int padding, int ceil, int expected)
    {
        var node = new OneNode("MaxPool", $"1,3,{size}").With("kernel_shape", new long[] { kernel }).With("strides", new long[] { stride }).With("pads", padding, padding).With("ceil_mode", ceil);

        Assert.Equal($"1,3,{expected}", node.Infer());
    }

    [Fact]
    public void An_average_pool_has_the_arithmetic_of_a_max_pool() =>
        Assert.Equal("b,24,16,16", new OneNode("AveragePool", "b,24,32,32").With("kernel_shape", 3, 3).With("strides", 2, 2).With("pads", 1, 1, 1, 1).Infer());

    [Fact]
    public void An_unknown_side_stays_unknown_and_the_others_do_not() => Assert.Equal("b,4,?,6", new OneNode("Conv", "b,3,h,8", "4,3,3,3").Infer());

    [Fact]
    public void A_window_larger_than_the_picture_is_refused_with_both() =>
        Assert.Contains("a window of 9 does not fit into 8", new OneNode("Conv", "1,1,6,6", "1,1,5,5").With("dilations", 2, 2).With("pads", 1, 1, 1, 1).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void A_pooling_without_its_window_is_refused() => Assert.Contains("MaxPool 'it'", new OneNode("MaxPool", "1,1,6,6").Refusal(), StringComparison.Ordinal);

    [Theory]
    [InlineData("strides", new long[] { 1 })]
    [InlineData("strides", new long[] { 0, 1 })]
    [InlineData("strides", new long[] { -1, 1 })]
    [InlineData("dilations", new long[] { 1, 0 })]
    [InlineData("dilations", new long[] { 1, 1, 1 })]
    [InlineData("pads", new long[] { 1, 1 })]
    [InlineData("pads", new long[] { 0, 0, 0, long.MaxValue })]
    public void Attributes_that_do_not_fit_the_window_are_refused_by_name(string attribute, long[] values)
    {
        string message = new OneNode("Conv", "1,1,6,6", "1,1,3,3").With(attribute, values).Refusal();

        Assert.Contains($"{attribute} [{string.Join(", ", values)}]", message, StringComparison.Ordinal);
        Assert.Contains("[1, 1, 6, 6]", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MaxPool")]
    [InlineData("GlobalAveragePool")]
    [InlineData("Conv")]
    public void A_value_without_channels_is_refused(string operation) => Assert.Contains("[4]", new OneNode(operation, "4", "4").With("kernel_shape", [1]).Refusal(), StringComparison.Ordinal);
}
