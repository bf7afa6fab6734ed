using DistillSharp.Graph.Format;
using Google.Protobuf;
using static DistillSharp.Graph.Tests.Format.ForeignModel;

namespace DistillSharp.Graph.Tests.Analysis.Checking;

/// <summary>How a file stores elements: once, as many as the shape says, in the field of their type, in the model's folder.</summary>
public sealed class TensorRulesTests
{
    [Fact]
    public void Elements_in_two_places_are_named() => Finds("The initialiser 'w' holds its elements in raw_data and float_data; there must be one place.", tensor => tensor.RawData = ByteString.CopyFrom(new byte[12]));

    [Fact]
    public void A_tensor_without_elements_is_named() => Finds("The initialiser 'w' holds no elements; its shape is [3].", tensor => tensor.FloatData.Clear());

    [Fact]
    public void Elements_beyond_an_empty_shape_are_named() => Finds("The initialiser 'w' has no elements by its shape, but float_data holds some.", tensor => tensor.Dims[0] = 0);

    [Fact]
    public void Elements_in_the_field_of_another_type_are_named()
    {
        Finds("The initialiser 'w' holds its elements in float_data; those of element type 7 belong into int64_data.", tensor => tensor.DataType = 7);
        Finds("The initialiser 'w' holds its elements in raw_data; those of element type 8 belong into string_data.", tensor =>
        {
            tensor.FloatData.Clear();
            (tensor.DataType, tensor.RawData) = (8, ByteString.CopyFrom(1, 2, 3));
        });
    }

    [Fact]
    public void Raw_bytes_of_another_length_are_counted() => Finds("The initialiser 'w' of shape [3] needs 12 bytes, but the file holds 8.", tensor =>
    {
        tensor.FloatData.Clear();
        tensor.RawData = ByteString.CopyFrom(new byte[8]);
    });

    [Fact]
    public void Listed_elements_of_another_number_are_counted() => Finds("The tensor 'w' of shape [3] (Float32) needs 12 bytes, but the file holds 8.", tensor => tensor.FloatData.RemoveAt(0));

    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    [InlineData(-1)]
    public void A_type_that_ONNX_does_not_have_is_named(int type) => Finds($"The initialiser 'w' is of element type {type}, which ONNX does not have.", tensor => tensor.DataType = type);

    [Fact]
    public void A_negative_size_is_named() => Finds("The initialiser 'w' has the shape [-3]; no size is negative.", tensor => tensor.Dims[0] = -3);

    [Fact]
    public void Sizes_beyond_all_bounds_are_counted_without_overflow() => Finds($"The initialiser 'w' of shape [{1L << 62}, {1L << 62}] needs {long.MaxValue} bytes, but the file holds 12.", tensor =>
    {
        tensor.FloatData.Clear();
        tensor.RawData = ByteString.CopyFrom(new byte[12]);
        tensor.Dims.Clear();
        tensor.Dims.AddRange([1L << 62, 1L << 62]);
    });

    [Theory]
    [InlineData("", "The initialiser 'w' lies in another file, but does not tell which.")]
    [InlineData("../w.bin", "The initialiser 'w' names the file '../w.bin', which is not in the model's folder.")]
    [InlineData("/etc/passwd", "The initialiser 'w' names the file '/etc/passwd', which is not in the model's folder.")]
    [InlineData("w.bin", "The tensor 'w' lies in another file; load the model by its path.")]
    public void Elements_in_a_file_elsewhere_are_named(string location, string expected) => Finds(expected, tensor =>
    {
        tensor.FloatData.Clear();
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
    });

    [Fact]
    public void Elements_in_a_file_and_in_the_model_are_named() =>
        Finds("The initialiser 'w' lies in another file and in float_data; there must be one place.", tensor => tensor.DataLocation = TensorProto.Types.DataLocation.External);

    [Fact]
    public void Sparse_elements_lie_in_order_within_their_shape()
    {
        Assert.Empty(FileRulesTests.Check(Sparse(_ => { })));
        FindsSparse("lacks indices.", sparse => sparse.Indices = null);
        FindsSparse("lacks values.", sparse => sparse.Values = null);
        FindsSparse("has the shape []; it needs one or more sizes above 0.", sparse => sparse.Dims.Clear());
        FindsSparse("has values of 2 dimensions; they are a list.", sparse => sparse.Values = Floats("s", 1, 2));
        FindsSparse("has indices of element type 1; they are Int64.", sparse => sparse.Indices = Floats("i", 2));
        FindsSparse("has 2 values and indices [3]; there is one index, or one of 2 numbers, for each value.", sparse => sparse.Indices = Longs([3], 0, 1, 2));
        FindsSparse("has the index 6, but only 6 elements.", sparse => sparse.Indices = Longs([2], 1, 6));
        FindsSparse("has the index [1] out of order; indices ascend and none is told twice.", sparse => sparse.Indices = Longs([2], 3, 1));
        FindsSparse("has the index [0, 3] outside its shape [2, 3].", sparse => sparse.Indices = Longs([2, 2], 0, 0, 0, 3));
        FindsSparse("has the index [0, 2] out of order; indices ascend and none is told twice.", sparse => sparse.Indices = Longs([2, 2], 0, 2, 0, 2));
    }

    private static void Finds(string expected, Action<TensorProto> damage) => FileRulesTests.Finds(expected, model => damage(model.Graph.Initializer[0]));

    private static void FindsSparse(string expected, Action<SparseTensorProto> damage)
    {
        var found = FileRulesTests.Check(Sparse(damage));
        Assert.True(found.Any(problem => problem.IsError && problem.Message.EndsWith(expected, StringComparison.Ordinal) && problem.Message.StartsWith("The sparse initialiser '", StringComparison.Ordinal)), $"Not found: {expected}\nFound: {string.Join("\n", found)}");
    }

    private static ModelProto Sparse(Action<SparseTensorProto> damage) => FileRulesTests.Good(model =>
    {
        var sparse = new SparseTensorProto { Values = Floats("s", 2), Indices = Longs([2], 1, 4) };
        sparse.Dims.AddRange([2, 3]);
        model.Graph.Node.Add(Node("Add", ["x", "s"], "more"));
        damage(sparse);
        model.Graph.SparseInitializer.Add(sparse);
        model.Graph.Node[^1].Input[1] = sparse.Values?.Name ?? "x";
    });

    private static TensorProto Longs(long[] shape, params long[] values)
    {
        var tensor = new TensorProto { Name = "i", DataType = 7 };
        tensor.Dims.AddRange(shape);
        tensor.Int64Data.AddRange(values);
        return tensor;
    }
}
