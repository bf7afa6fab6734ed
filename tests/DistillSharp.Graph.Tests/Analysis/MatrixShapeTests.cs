namespace DistillSharp.Graph.Tests.Analysis;

public sealed class MatrixShapeTests
{
    [Theory]
    [InlineData(0, 0, "batch,4", "4,7", "batch,7")]
    [InlineData(0, 1, "batch,4", "7,4", "batch,7")]
    [InlineData(1, 0, "4,batch", "4,7", "batch,7")]
    [InlineData(1, 1, "4,3", "7,4", "3,7")]
    [InlineData(0, 0, "3,?", "4,7", "3,7")]
    public void Gemm_multiplies_matrices_as_they_lie_or_transposed(int left, int right, string a, string b, string expected) =>
        Assert.Equal(expected, new OneNode("Gemm", a, b).With("transA", left).With("transB", right).Infer());

    [Fact]
    public void Gemm_refuses_columns_that_do_not_fit_rows()
    {
        string message = new OneNode("Gemm", "2,4", "7,5").With("transB", 1).Refusal();

        Assert.Contains("Gemm 'it': 4 columns do not fit 5 rows", message, StringComparison.Ordinal);
        Assert.Contains("[2, 4]", message, StringComparison.Ordinal);
        Assert.Contains("[7, 5]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gemm_refuses_what_is_no_matrix_but_not_what_is_unknown()
    {
        Assert.Contains("Gemm multiplies matrices", new OneNode("Gemm", "2,3,4", "4,5").Refusal(), StringComparison.Ordinal);
        Assert.Equal("unknown", new OneNode("Gemm", "2,4", "-").Infer());
    }

    [Theory]
    [InlineData("2,3", "3,5", "2,5")]
    [InlineData("batch,7,3", "3,5", "batch,7,5")]
    [InlineData("batch,7,3", "batch,3,5", "batch,7,5")]
    [InlineData("4,1,7,3", "6,3,5", "4,6,7,5")]
    [InlineData("2,3", "3", "2")]
    [InlineData("3", "4,3,5", "4,5")]
    [InlineData("3", "3", "")]
    [InlineData("2,3", "-", "unknown")]
    public void MatMul_keeps_all_but_the_last_dimension_and_broadcasts_the_leading_ones(string a, string b, string expected) => Assert.Equal(expected, new OneNode("MatMul", a, b).Infer());

    [Fact]
    public void MatMul_refuses_columns_that_do_not_fit_rows() =>
        Assert.Contains("MatMul 'it': 3 columns do not fit 4 rows", new OneNode("MatMul", "2,3", "4,5").Refusal(), StringComparison.Ordinal);

    [Theory]
    [InlineData(1, "batch,60")]
    [InlineData(0, "1,?")]
    [InlineData(2, "?,20")]
    [InlineData(-1, "?,5")]
    [InlineData(4, "?,1")]
    public void Flatten_multiplies_both_sides_of_an_axis(int axis, string expected) => Assert.Equal(expected, new OneNode("Flatten", "batch,3,4,5").With("axis", axis).Infer());

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    public void Flatten_refuses_an_axis_outside_the_value(int axis)
    {
        string message = new OneNode("Flatten", "2,3,4,5").With("axis", axis).Refusal();

        Assert.Contains($"axis {axis} is outside a value of 4 dimensions", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transpose_moves_dimensions_or_turns_their_order_round()
    {
        Assert.Equal("4,batch,3", new OneNode("Transpose", "batch,3,4").With("perm", 2, 0, 1).Infer());
        Assert.Equal("4,3,batch", new OneNode("Transpose", "batch,3,4").Infer());
    }

    [Theory]
    [InlineData(new long[] { 0, 0, 1 })]
    [InlineData(new long[] { 0, 1 })]
    [InlineData(new long[] { 0, 1, 3 })]
    public void Transpose_refuses_what_is_no_order_of_the_dimensions(long[] perm) => Assert.Contains("Transpose 'it'", new OneNode("Transpose", "2,3,4").With("perm", perm).Refusal(), StringComparison.Ordinal);

    [Theory]
    [InlineData(1, new long[] { 2, 3 }, "n,8,1,1")]
    [InlineData(0, new long[] { 2, 3 }, "n,8")]
    [InlineData(1, new long[] { -1 }, "n,8,4,1")]
    public void A_mean_keeps_its_axes_as_ones_or_drops_them(int keep, long[] axes, string expected)
    {
        Assert.Equal(expected, new OneNode("ReduceMean", "n,8,4,4").Opset(13).With("axes", axes).With("keepdims", keep).Infer());
        Assert.Equal(expected, new OneNode("ReduceMean", "n,8,4,4").Opset(18).Integers(axes).With("keepdims", keep).Infer());
    }

    [Fact]
    public void A_mean_without_axes_is_over_all_unless_it_says_that_it_does_nothing()
    {
        Assert.Equal("1,1", new OneNode("ReduceMean", "n,8").Opset(13).Infer());
        Assert.Equal("", new OneNode("ReduceMean", "n,8").Opset(18).With("keepdims", 0).Infer());
        Assert.Equal("n,8", new OneNode("ReduceMean", "n,8").Opset(18).With("noop_with_empty_axes", 1).Infer());
        Assert.Equal("1,1", new OneNode("ReduceMean", "n,8").Opset(18).Integers().Infer());
    }

    [Fact]
    public void A_mean_over_computed_axes_is_unknown() => Assert.Equal("unknown", new OneNode("ReduceMean", "n,8").Opset(18).Computed().Infer());
}
