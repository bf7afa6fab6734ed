namespace DistillSharp.Graph.Tests.Analysis;

/// <summary>Broadcasting, concatenation and splitting.</summary>
public sealed class JoiningShapeTests
{
    [Theory]
    [InlineData("Add", "2,3,4", "3,4", "2,3,4")]
    [InlineData("Sub", "4", "2,3,4", "2,3,4")]
    [InlineData("Mul", "2,1,4", "3,1", "2,3,4")]
    [InlineData("Div", "2,3", "", "2,3")]
    [InlineData("Add", "batch,8,4,4", "8,1,1", "batch,8,4,4")]
    [InlineData("Add", "1,8", "batch,8", "batch,8")]
    [InlineData("Add", "batch,8", "batch,8", "batch,8")]
    [InlineData("Add", "n,8", "m,8", "?,8")]
    [InlineData("Add", "?,8", "4,1", "4,8")]
    [InlineData("Add", "2,8", "-", "unknown")]
    public void Two_values_broadcast_from_the_last_dimension(string operation, string a, string b, string expected) => Assert.Equal(expected, new OneNode(operation, a, b).Infer());

    [Fact]
    public void Sizes_that_do_not_broadcast_are_refused_by_node_and_shapes()
    {
        string message = new OneNode("Add", "batch,8,4", "3,4").Refusal();

        Assert.Equal("Add 'it': the shapes do not broadcast; its inputs are x0: Float32 [batch, 8, 4], x1: Float32 [3, 4].", message);
    }

    [Fact]
    public void A_concatenation_adds_up_along_its_axis()
    {
        Assert.Equal("n,9,4", new OneNode("Concat", "n,2,4", "n,3,4", "n,4,4").With("axis", 1).Infer());
        Assert.Equal("n,2,9", new OneNode("Concat", "n,2,4", "n,2,5").With("axis", -1).Infer());
        Assert.Equal("?,3", new OneNode("Concat", "n,3", "4,3").With("axis", 0).Infer());
        Assert.Equal("n,?", new OneNode("Concat", "n,2", "-").With("axis", 1).Infer());
        Assert.Equal("5,3", new OneNode("Concat", "2,?", "3,3").With("axis", 0).Infer());
    }

    [Theory]
    [InlineData("2,3", "2,4", 0)]
    [InlineData("2,3", "2,3,1", 0)]
    [InlineData("2,3", "2,3", 2)]
    [InlineData("2,3", "2,3", -3)]
    public void Values_that_do_not_lie_end_to_end_are_refused(string a, string b, int axis)
    {
        string message = new OneNode("Concat", a, b).With("axis", axis).Refusal();

        Assert.Contains("Concat 'it'", message, StringComparison.Ordinal);
        Assert.Contains($"[{b.Replace(",", ", ", StringComparison.Ordinal)}]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_split_has_the_sizes_it_is_told_or_equal_ones()
    {
        Assert.Equal("n,2,4|n,6,4", new OneNode("Split", "n,8,4").Outputs(2).Integers(2, 6).With("axis", 1).Infer());
        Assert.Equal("n,2,4|n,6,4", new OneNode("Split", "n,8,4").Opset(11).Outputs(2).With("split", 2, 6).With("axis", 1).Infer());
        Assert.Equal("2,3|2,3|2,3", new OneNode("Split", "6,3").Outputs(3).Infer());
        Assert.Equal("3,1|3,1|1,1", new OneNode("Split", "7,1").Opset(18).Outputs(3).With("num_outputs", 3).Infer());
    }

    [Fact]
    public void A_split_of_an_unknown_side_or_with_computed_sizes_is_unknown()
    {
        Assert.Equal("unknown|unknown", new OneNode("Split", "n,8").Outputs(2).With("axis", 0).Infer());
        Assert.Equal("unknown|unknown", new OneNode("Split", "6,8").Outputs(2).Computed().Infer());
    }

    [Theory]
    [InlineData("8", new long[] { 2, 5 })]
    [InlineData("8", new long[] { 9, -1 })]
    [InlineData("8", new long[] { 8 })]
    public void Sizes_that_do_not_fill_the_value_are_refused(string input, long[] sizes)
    {
        string message = new OneNode("Split", input).Outputs(2).Integers(sizes).Refusal();

        Assert.Contains("Split 'it'", message, StringComparison.Ordinal);
        Assert.Contains($"[{string.Join(", ", sizes)}]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_parts_than_there_are_elements_are_refused() => Assert.Contains("Split 'it'", new OneNode("Split", "5").Opset(18).Outputs(4).Refusal(), StringComparison.Ordinal);
}
