using Google.Protobuf;

namespace DistillSharp.Graph.Format;

/// <summary>From the file's message of a value to the value in memory, and back.</summary>
internal static class ValueReader
{
    /// <summary>Reads a value; the message is taken apart.</summary>
    public static GraphValue Read(ValueInfoProto value)
    {
        if (value.Type?.TensorType is not { } tensor)
        {
            return new(value.Name, ElementType.Undefined, null) { Declaration = value.ToByteArray() };
        }

        var result = new GraphValue(value.Name, (ElementType)tensor.ElemType, tensor.Shape?.Dim.Select(dimension => dimension.ValueCase switch
        {
            TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue when dimension.DimValue >= 0 => Dimension.Of(dimension.DimValue),
            TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam when dimension.DimParam.Length > 0 => Dimension.Named(dimension.DimParam),
            _ => Dimension.Unknown,
        }).ToList());
        return result with { Unshown = Rest(value, tensor) };
    }

    /// <summary>Writes a value.</summary>
    public static ValueInfoProto Write(GraphValue value)
    {
        if (value.Declaration is { } declaration)
        {
            var kept = ValueInfoProto.Parser.ParseFrom(declaration.Span);
            kept.Name = value.Name;
            return kept;
        }

        var result = ValueInfoProto.Parser.ParseFrom(value.Unshown.Span);
        result.Name = value.Name;
        result.Type ??= new();
        var tensor = result.Type.TensorType ??= new();
        tensor.ElemType = (int)value.Type;
        var meanings = tensor.Shape?.Dim;
        tensor.Shape = null;
        if (value.Shape is { } shape)
        {
            tensor.Shape = new();
            for (int i = 0; i < shape.Count; i++)
            {
                // What a file says of its dimensions holds as long as there are as many.
                var dimension = meanings?.Count == shape.Count ? meanings[i] : new();
                if (shape[i].Size is { } size)
                {
                    dimension.DimValue = size;
                }
                else if (shape[i].Symbol is { } symbol)
                {
                    dimension.DimParam = symbol;
                }

                tensor.Shape.Dim.Add(dimension);
            }
        }

        return result;
    }

    /// <summary>What is left of the message: documentation, metadata, what dimensions mean, and fields of a newer format.</summary>
    private static ReadOnlyMemory<byte> Rest(ValueInfoProto value, TypeProto.Types.Tensor tensor)
    {
        value.Name = "";
        tensor.ElemType = 0;
        foreach (var dimension in tensor.Shape?.Dim ?? [])
        {
            dimension.ClearValue();
        }

        if (tensor.Shape?.Dim.All(dimension => dimension.CalculateSize() == 0) == true)
        {
            tensor.Shape = null;
        }

        if (tensor.CalculateSize() == 0)
        {
            value.Type.ClearValue();
        }

        if (value.Type.CalculateSize() == 0)
        {
            value.Type = null;
        }

        return value.Rest();
    }
}
