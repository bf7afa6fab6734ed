namespace DistillSharp.Graph.Tests.Analysis;

/// <summary>Operators beyond those of picture classifiers: sizes worked out by hand from ONNX's definitions.</summary>
public sealed class FurtherShapeTests
{
    [Fact]
    public void A_transposed_convolution_grows_by_stride_window_and_padding()
    {
        // 2·(5-1) + 1 + (3-1)·1 + 1 - 1 - 1 = 10.
        Assert.Equal("n,6,10", new OneNode("ConvTranspose", "n,4,5", "4,3,3").With("group", 2).With("strides", [2]).With("pads", 1, 1).With("output_padding", [1]).Infer());
        Assert.Equal("n,3,10,10", new OneNode("ConvTranspose", "n,4,5,5", "4,3,3,3").With("strides", 2, 2).With("auto_pad", "SAME_UPPER").Infer());
        Assert.Equal("n,3,9,8", new OneNode("ConvTranspose", "n,4,5,5", "4,3,3,3").With("strides", 2, 2).With("output_shape", 9, 8).Infer());
        Assert.Contains("does not fit", new OneNode("ConvTranspose", "n,4,5", "3,3,3").Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Equal", "Bool 2,3")]
    [InlineData("Greater", "Bool 2,3")]
    [InlineData("Pow", "Float32 2,3")]
    [InlineData("Max", "Float32 2,3")]
    public void A_comparison_gives_truth_and_arithmetic_its_first_type(string operation, string expected) => Assert.Equal(expected, new OneNode(operation, "2,1", "3").InferTyped());

    [Fact]
    public void Types_follow_the_operator()
    {
        Assert.Equal("Int64 2,1", new OneNode("ArgMax", "2,3").With("axis", 1).InferTyped());
        Assert.Equal("Int64 2", new OneNode("Shape", "n,3").InferTyped());
        Assert.Equal("Int64 1", new OneNode("Shape", "n,3,4").With("start", 1).With("end", -1).InferTyped());
        Assert.Equal("Int64 ", new OneNode("Size", "n,3").InferTyped());
        Assert.Equal("Float16 n,3", new OneNode("Cast", "n,3").With("to", 10).InferTyped());
        Assert.Equal("Int32 n", new OneNode("CastLike", "n", "1").Typed(1, ElementType.Int32).InferTyped());
        Assert.Equal("Float32 4,3", new OneNode("Where", "4,1", "3", "1").Typed(0, ElementType.Bool).InferTyped());
        Assert.Equal("Float32 n,5|Int64 n,5", new OneNode("TopK", "n,9").Outputs(2).Integers(5).InferTyped());
        Assert.Equal("Float32 1,2,3,3|Int64 1,2,3,3", new OneNode("MaxPool", "1,2,6,6").Outputs(2).With("kernel_shape", 2, 2).With("strides", 2, 2).InferTyped());
        Assert.Equal("UInt8 n,3", new OneNode("QuantizeLinear", "n,3", "").InferTyped());
        Assert.Equal("Int8 n,3", new OneNode("QuantizeLinear", "n,3", "", "").Typed(2, ElementType.Int8).InferTyped());
        Assert.Equal("Float32 n,3", new OneNode("DequantizeLinear", "n,3", "").Typed(0, ElementType.Int8).InferTyped());
        Assert.Equal("Int64 2,?", new OneNode("NonZero", "4,5").InferTyped());
        Assert.Equal("Float32 2,3|Float32 2,1|Float32 2,1", new OneNode("LayerNormalization", "2,3", "3").Outputs(3).InferTyped());
    }

    [Theory]
    [InlineData("ij,jk->ik", "2,3", "3,4", "2,4")]
    [InlineData("bi,bj", "n,2", "n,4", "2,4")]
    [InlineData("...ij,...jk->...ik", "5,1,2,3", "7,3,4", "5,7,2,4")]
    [InlineData("i,i->", "3", "3", "")]
    public void Einsum_reads_its_equation(string equation, string a, string b, string expected) =>
        Assert.Equal(expected, new OneNode("Einsum", a, b).With("equation", equation).Infer());

    [Fact]
    public void Einsum_refuses_letters_of_two_sizes() => Assert.Contains("'j' is 3 and 4", new OneNode("Einsum", "2,3", "4,5").With("equation", "ij,jk->ik").Refusal(), StringComparison.Ordinal);

    [Fact]
    public void Slices_clamp_and_keep_free_sizes_that_stay_whole()
    {
        Assert.Equal("2,3", new OneNode("Slice", "5,6").Integers(1, -1).Integers(100, 0).Integers(0, 1).Integers(2, -2).Infer());
        Assert.Equal("n,3", new OneNode("Slice", "n,6").Integers(0, 2).Integers(long.MaxValue, 5).Infer());
        Assert.Equal("?,6", new OneNode("Slice", "n,6").Integers(1).Integers(long.MaxValue).Infer());
        Assert.Equal("n,4", new OneNode("Slice", "n,6").Opset(9).With("starts", [1]).With("ends", [-1]).With("axes", [1]).Infer());
    }

    [Fact]
    public void Pictures_are_resized_by_scales_or_to_sizes()
    {
        Assert.Equal("n,3,8,7", new OneNode("Resize", "n,3,4,5").Nothing().Floats(1, 1, 2, 1.5f).Infer());
        Assert.Equal("1,3,9,10", new OneNode("Resize", "1,3,4,5").Nothing().Nothing().Integers(1, 3, 9, 10).Infer());
        Assert.Equal("n,3,9,10", new OneNode("Resize", "n,3,4,5").Opset(18).Nothing().Nothing().Integers(9, 10).With("axes", 2, 3).Infer());
        Assert.Equal("n,3,8,10", new OneNode("Upsample", "n,3,4,5").Opset(9).Floats(1, 1, 2, 2).Infer());
    }

    [Fact]
    public void Layouts_move_add_and_repeat()
    {
        Assert.Equal("n,4", new OneNode("Squeeze", "n,1,4,1").Integers(1, -1).Infer());
        Assert.Equal("3,4", new OneNode("Squeeze", "1,3,1,4").Infer());
        Assert.Equal("1,n,4,1", new OneNode("Unsqueeze", "n,4").Integers(0, -1).Infer());
        Assert.Equal("n,1,4", new OneNode("Unsqueeze", "n,4").Opset(11).With("axes", [1]).Infer());
        Assert.Equal("n,3,4", new OneNode("Expand", "n,1,4").Integers(1, 3, 1).Infer());
        Assert.Equal("n,9", new OneNode("Tile", "n,3").Integers(1, 3).Infer());
        Assert.Equal("n,3,6,9", new OneNode("Pad", "n,3,4,5").Integers(0, 0, 1, 2, 0, 0, 1, 2).Infer());
        Assert.Equal("n,5", new OneNode("Pad", "n,3").Opset(18).Integers(1, 1).Nothing().Integers(-1).Infer());
        Assert.Equal("n,2,8,10", new OneNode("DepthToSpace", "n,8,4,5").With("blocksize", 2).Infer());
        Assert.Equal("n,8,2,3", new OneNode("SpaceToDepth", "n,2,4,6").With("blocksize", 2).Infer());
        Assert.Contains("Squeeze 'it'", new OneNode("Squeeze", "2,3").Integers(0).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Gathering_replaces_the_axis_by_the_indices()
    {
        Assert.Equal("n,2,3,5", new OneNode("Gather", "n,4,5", "2,3").With("axis", 1).Infer());
        Assert.Equal("n,5", new OneNode("Gather", "n,4,5", "").With("axis", 1).Infer());
        Assert.Equal("2,2", new OneNode("GatherElements", "3,3", "2,2").Infer());
        Assert.Equal("7,4,5", new OneNode("GatherND", "2,3,4,5", "7,2").Infer());
        Assert.Equal("2,7,5", new OneNode("GatherND", "2,3,4,5", "2,7,2").With("batch_dims", 1).Infer());
        Assert.Equal("3,3", new OneNode("ScatterElements", "3,3", "2,2", "2,2").Infer());
        Assert.Contains("index 4 is outside the 4 of axis 1", new OneNode("Gather", "n,4").Integers(4).With("axis", 1).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_has_no_dimensions()
    {
        Assert.Equal("", new OneNode("Relu", "").Infer());
        Assert.Equal("", new OneNode("Add", "", "").Infer());
        Assert.Equal("", new OneNode("ReduceSum", "n,3").With("keepdims", 0).Infer());
        Assert.Equal("1", new OneNode("Unsqueeze", "").Integers(0).Infer());
        Assert.Equal("", new OneNode("Gather", "4", "").Infer());
        Assert.Contains("a number is no matrix", new OneNode("MatMul", "", "3").Refusal(), StringComparison.Ordinal);
    }
}
