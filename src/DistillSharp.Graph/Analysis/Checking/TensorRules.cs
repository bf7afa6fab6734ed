using DistillSharp.Graph.Format;

namespace DistillSharp.Graph.Analysis.Checking;

/// <summary>A file's tensor holds as many elements as its shape says, once, in the field of its type.</summary>
internal static class TensorRules
{
    public static void Check(TensorProto tensor, string what, List<GraphProblem> problems)
    {
        if (Field(tensor.DataType) is not { } field)
        {
            problems.Error($"{what} is of element type {tensor.DataType}, which ONNX does not have.");
            return;
        }

        if (tensor.Dims.Any(size => size < 0))
        {
            problems.Error($"{what} has the shape [{string.Join(", ", tensor.Dims)}]; no size is negative.");
            return;
        }

        var filled = TensorReader.Filled(tensor);
        if (tensor.DataLocation == TensorProto.Types.DataLocation.External)
        {
            External(tensor, filled, what, problems);
            return;
        }

        bool empty = tensor.Dims.Contains(0);
        if (empty ? filled.Count > 0 : filled.Count != 1)
        {
            problems.Error(empty ? $"{what} has no elements by its shape, but {string.Join(" and ", filled)} {(filled.Count == 1 ? "holds" : "hold")} some."
                : filled.Count == 0 ? $"{what} holds no elements; its shape is [{string.Join(", ", tensor.Dims)}]." : $"{what} holds its elements in {string.Join(" and ", filled)}; there must be one place.");
        }
        else if (!empty && filled[0] != field && (filled[0] != "raw_data" || tensor.DataType == (int)ElementType.Text))
        {
            problems.Error($"{what} holds its elements in {filled[0]}; those of element type {tensor.DataType} belong into {field}.");
        }
        else if (!empty && Bytes(tensor) is { } expected && filled[0] == "raw_data" && expected != tensor.RawData.Length)
        {
            problems.Error($"{what} of shape [{string.Join(", ", tensor.Dims)}] needs {expected} bytes, but the file holds {tensor.RawData.Length}.");
        }
    }

    public static void CheckSparse(SparseTensorProto sparse, string what, List<GraphProblem> problems)
    {
        if (sparse.Values is not { } values || sparse.Indices is not { } indices)
        {
            problems.Error($"{what} lacks {(sparse.Values is null ? "values" : "indices")}.");
            return;
        }

        int before = problems.Count;
        Check(values, $"{what}, values:", problems);
        Check(indices, $"{what}, indices:", problems);
        int rank = sparse.Dims.Count;
        if (rank == 0 || sparse.Dims.Any(size => size <= 0))
        {
            problems.Error($"{what} has the shape [{string.Join(", ", sparse.Dims)}]; it needs one or more sizes above 0.");
        }
        else if (values.Dims.Count != 1)
        {
            problems.Error($"{what} has values of {values.Dims.Count} dimensions; they are a list.");
        }
        else if (indices.DataType != (int)ElementType.Int64)
        {
            problems.Error($"{what} has indices of element type {indices.DataType}; they are Int64.");
        }
        else if (!(indices.Dims.Count == 1 && indices.Dims[0] == values.Dims[0]) && !(indices.Dims.Count == 2 && indices.Dims[0] == values.Dims[0] && indices.Dims[1] == rank))
        {
            problems.Error($"{what} has {values.Dims[0]} values and indices [{string.Join(", ", indices.Dims)}]; there is one index, or one of {rank} numbers, for each value.");
        }
        else if (problems.Count == before)
        {
            Order(sparse, what, problems);
        }
    }

    /// <summary>Indices lie within the shape, and each follows the one before it.</summary>
    private static void Order(SparseTensorProto sparse, string what, List<GraphProblem> problems)
    {
        long[] numbers;
        try
        {
            numbers = TensorReader.Read(sparse.Indices, folder: null).AsSpan<long>().ToArray();
        }
        catch (GraphException)
        {
            // Indices in another file are not looked into.
            return;
        }

        int width = sparse.Indices.Dims.Count == 2 ? sparse.Dims.Count : 1;
        Int128 last = -1;
        for (int i = 0; i + width <= numbers.Length; i += width)
        {
            Int128 place = 0, count = 1;
            for (int axis = 0; axis < width; axis++)
            {
                long size = width == 1 ? long.MaxValue : sparse.Dims[axis];
                if (numbers[i + axis] < 0 || numbers[i + axis] >= size)
                {
                    problems.Error($"{what} has the index [{string.Join(", ", numbers[i..(i + width)])}] outside its shape [{string.Join(", ", sparse.Dims)}].");
                    return;
                }

                place = width == 1 ? numbers[i] : unchecked((place * size) + numbers[i + axis]);
            }

            count = width == 1 ? sparse.Dims.Aggregate((Int128)1, (product, size) => unchecked(product * size)) : Int128.MaxValue;
            if (place >= count || place <= last)
            {
                problems.Error(place >= count ? $"{what} has the index {place}, but only {count} elements." : $"{what} has the index [{string.Join(", ", numbers[i..(i + width)])}] out of order; indices ascend and none is told twice.");
                return;
            }

            last = place;
        }
    }

    private static void External(TensorProto tensor, IReadOnlyList<string> filled, string what, List<GraphProblem> problems)
    {
        string location = tensor.ExternalData.FirstOrDefault(entry => entry.Key == "location")?.Value ?? "";
        if (filled.Count > 0)
        {
            problems.Error($"{what} lies in another file and in {string.Join(" and ", filled)}; there must be one place.");
        }
        else if (location.Length == 0)
        {
            problems.Error($"{what} lies in another file, but does not tell which.");
        }
        else if (Path.IsPathRooted(location) || location.Split('/', '\\').Contains(".."))
        {
            problems.Error($"{what} names the file '{location}', which is not in the model's folder.");
        }
    }

    private static long? Bytes(TensorProto tensor)
    {
        if (!TensorReader.CanRead(tensor))
        {
            return null;
        }

        Int128 bytes = tensor.Dims.Aggregate((Int128)TensorData.SizeOf((ElementType)tensor.DataType), (product, size) => product > long.MaxValue ? product : product * size);
        return (long)Int128.Min(bytes, long.MaxValue);
    }

    /// <summary>The field that holds elements of a type one by one, or null for a type that ONNX does not have.</summary>
    private static string? Field(int type) => type switch
    {
        (int)ElementType.Float32 or 14 => "float_data",
        (int)ElementType.Float64 or 15 => "double_data",
        (int)ElementType.Int64 => "int64_data",
        (int)ElementType.UInt32 or (int)ElementType.UInt64 => "uint64_data",
        (int)ElementType.Text => "string_data",
        (>= 1 and <= 26) => "int32_data",
        _ => null,
    };
}
