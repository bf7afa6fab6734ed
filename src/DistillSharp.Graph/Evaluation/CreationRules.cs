namespace DistillSharp.Graph.Evaluation;

/// <summary>Operators that make tensors from little: constants, ranges, the shape of what is known.</summary>
internal static class CreationRules
{
    public static IReadOnlyDictionary<string, Func<ConstantNode, TensorData>> All { get; } = new Dictionary<string, Func<ConstantNode, TensorData>>(StringComparer.Ordinal)
    {
        ["Constant"] = Constant,
        ["ConstantOfShape"] = ConstantOfShape,
        ["Range"] = Range,
        ["Shape"] = Shape,
        ["Size"] = c => TensorData.Create<long>([c.X.Count]),
    };

    private static TensorData Constant(ConstantNode c)
    {
        var (name, value) = c.Node.Attributes.Count == 1 ? c.Node.Attributes.First() : throw new NotConstantException();
        return (name, value) switch
        {
            ("value", TensorValue tensor) => tensor.Value.Clone(),
            ("value_int", IntValue number) => TensorData.Create<long>([number.Value]),
            ("value_ints", IntsValue numbers) => TensorData.Create<long>([.. numbers.Values], numbers.Values.Count),
            ("value_float", FloatValue number) => TensorData.Create<float>([number.Value]),
            ("value_floats", FloatsValue numbers) => TensorData.Create<float>([.. numbers.Values], numbers.Values.Count),
            _ => throw new NotConstantException(),
        };
    }

    private static TensorData ConstantOfShape(ConstantNode c)
    {
        long[] shape = c.X.ToLongs();
        c.Require(shape);
        var value = c.Node.Attributes.TryGetValue("value", out var told) ? told is TensorValue { Value: { Count: 1 } single } ? single : throw new NotConstantException() : TensorData.Create<float>([0f], 1);
        int size = TensorData.SizeOf(value.Type);
        byte[] bytes = new byte[checked(TensorData.CountOf(shape) * size)];
        for (int i = 0; value.Bytes.ContainsAnyExcept((byte)0) && i < bytes.Length; i += size)
        {
            value.Bytes.CopyTo(bytes.AsSpan(i));
        }

        return new(value.Type, shape, bytes);
    }

    private static TensorData Range(ConstantNode c)
    {
        TensorData start = c.Input(0), limit = c.Input(1), delta = c.Input(2);
        if (start.Count != 1 || limit.Count != 1 || delta.Count != 1 || start.Type != limit.Type || start.Type != delta.Type)
        {
            throw new NotConstantException();
        }

        if (start.Type.IsInteger())
        {
            long first = start.ToLongs()[0], last = limit.ToLongs()[0], step = delta.ToLongs()[0];
            long count = step == 0 ? throw new NotConstantException() : (long)Int128.Max(0, ((Int128)last - first + step - Math.Sign(step)) / step);
            c.Require([count]);
            return TensorNumbers.FromLongs(start.Type, [count], [.. Enumerable.Range(0, (int)count).Select(i => first + (i * step))]);
        }

        double origin = start.ToDoubles()[0], distance = delta.ToDoubles()[0], places = Math.Max(0, Math.Ceiling((limit.ToDoubles()[0] - origin) / distance));
        if (!double.IsFinite(places) || places > int.MaxValue)
        {
            throw new NotConstantException();
        }

        c.Require([(long)places]);
        return TensorNumbers.FromDoubles(start.Type, [(long)places], [.. Enumerable.Range(0, (int)places).Select(i => origin + (i * distance))]);
    }

    private static TensorData Shape(ConstantNode c)
    {
        int rank = c.X.Shape.Count;
        long From(string name, long fallback) => Math.Clamp(c.Node.Int(name, fallback) is var at && at < 0 ? at + rank : at, 0, rank);
        long start = From("start", 0), end = Math.Max(start, From("end", rank));
        return TensorData.Create<long>([.. c.X.Shape.Skip((int)start).Take((int)(end - start))], end - start);
    }
}
