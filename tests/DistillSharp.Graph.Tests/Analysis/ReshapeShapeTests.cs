namespace DistillSharp.Graph.Tests.Analysis;

public sealed class ReshapeShapeTests
{
    [Theory]
    [InlineData("2,3,4", new long[] { 6, 4 }, "6,4")]
    [InlineData("2,3,4", new long[] { -1 }, "24")]
    [InlineData("2,3,4", new long[] { 2, -1, 2 }, "2,6,2")]
    [InlineData("2,3,4", new long[] { 0, -1 }, "2,12")]
    [InlineData("2,3,4", new long[] { 4, 0, -1 }, "4,3,2")]
    [InlineData("2,3", new long[] { 0, 0, 1, -1 }, "2,3,1,1")]
    [InlineData("1", new long[] { }, "")]
    public void A_zero_copies_and_minus_one_takes_what_is_left(string input, long[] wanted, string expected) => Assert.Equal(expected, new OneNode("Reshape", input).Integers(wanted).Infer());

    [Theory]
    [InlineData("batch,3,4", new long[] { 0, -1 }, "batch,12")]
    [InlineData("batch,12", new long[] { 0, 3, -1 }, "batch,3,4")]
    [InlineData("batch,3,4", new long[] { -1, 12 }, "batch,12")]
    [InlineData("batch,3,4", new long[] { -1, 3, 4 }, "batch,3,4")]
    [InlineData("batch", new long[] { -1, 1 }, "batch,1")]
    [InlineData("batch,3,4", new long[] { -1, 4 }, "?,4")]
    [InlineData("batch,time,4", new long[] { 0, -1 }, "batch,?")]
    [InlineData("batch,time,4", new long[] { 0, 0, 2, -1 }, "batch,time,2,2")]
    [InlineData("?,3,4", new long[] { 0, -1 }, "?,12")]
    public void A_named_batch_stays_a_name(string input, long[] wanted, string expected) => Assert.Equal(expected, new OneNode("Reshape", input).Integers(wanted).Infer());

    [Fact]
    public void Where_zeros_are_allowed_they_are_sizes() => Assert.Equal("0,5", new OneNode("Reshape", "0,3").Integers(0, 5).With("allowzero", 1).Infer());

    [Fact]
    public void A_computed_shape_is_unknown() => Assert.Equal("unknown", new OneNode("Reshape", "2,3").Computed().Infer());

    [Theory]
    [InlineData("2,3,4", new long[] { 5, 5 })]
    [InlineData("2,3,4", new long[] { 5, -1 })]
    [InlineData("2,3,4", new long[] { -1, -1 })]
    [InlineData("2,3,4", new long[] { 24, -2 })]
    [InlineData("2,3", new long[] { 1, 2, 0 })]
    [InlineData("batch,3", new long[] { 0, 4 })]
    [InlineData("2,3", new long[] { long.MaxValue, long.MaxValue })]
    public void Elements_that_do_not_fit_are_refused_with_both_shapes(string input, long[] wanted)
    {
        string message = new OneNode("Reshape", input).Integers(wanted).Refusal();

        Assert.Contains("Reshape 'it'", message, StringComparison.Ordinal);
        Assert.Contains($"[{input.Replace(",", ", ", StringComparison.Ordinal)}]", message, StringComparison.Ordinal);
        Assert.Contains($"[{string.Join(", ", wanted)}]", message, StringComparison.Ordinal);
    }
}
