namespace DistillSharp.Graph.Evaluation;

/// <summary>Arithmetic, comparison, logic and casts of constants.</summary>
internal static class NumberRules
{
    public static IReadOnlyDictionary<string, Func<ConstantNode, TensorData>> All { get; } = new Dictionary<string, Func<ConstantNode, TensorData>>(StringComparer.Ordinal)
    {
        ["Add"] = c => Arithmetic(c, (a, b) => a + b, (a, b) => a + b),
        ["Sub"] = c => Arithmetic(c, (a, b) => a - b, (a, b) => a - b),
        ["Mul"] = c => Arithmetic(c, (a, b) => a * b, (a, b) => a * b),
        ["Div"] = c => Arithmetic(c, (a, b) => a / b, (a, b) => Unsigned(c) ? (long)((ulong)a / (ulong)b) : a / b),
        ["Mod"] = Mod,
        ["Pow"] = c => Arithmetic(c, Math.Pow, Power),
        ["Min"] = c => Variadic(c, Math.Min, (a, b) => Unsigned(c) ? (long)Math.Min((ulong)a, (ulong)b) : Math.Min(a, b)),
        ["Max"] = c => Variadic(c, Math.Max, (a, b) => Unsigned(c) ? (long)Math.Max((ulong)a, (ulong)b) : Math.Max(a, b)),
        ["Equal"] = c => Compare(c, (a, b) => a == b, (a, b) => a == b),
        ["Less"] = c => Compare(c, (a, b) => a < b, (a, b) => Unsigned(c) ? (ulong)a < (ulong)b : a < b),
        ["Greater"] = c => Compare(c, (a, b) => a > b, (a, b) => Unsigned(c) ? (ulong)a > (ulong)b : a > b),
        ["LessOrEqual"] = c => Compare(c, (a, b) => a <= b, (a, b) => Unsigned(c) ? (ulong)a <= (ulong)b : a <= b),
        ["GreaterOrEqual"] = c => Compare(c, (a, b) => a >= b, (a, b) => Unsigned(c) ? (ulong)a >= (ulong)b : a >= b),
        ["And"] = c => Compare(c, Never, (a, b) => (a & b) != 0),
        ["Or"] = c => Compare(c, Never, (a, b) => (a | b) != 0),
        ["Xor"] = c => Compare(c, Never, (a, b) => a != b),
        ["Not"] = c => Unary(c, null, value => 1 - value),
        ["Neg"] = c => Unary(c, value => -value, value => unchecked(-value)),
        ["Abs"] = c => Unary(c, Math.Abs, value => Unsigned(c) ? value : Math.Abs(value)),
        ["Sign"] = c => Unary(c, value => double.IsNaN(value) ? value : Math.Sign(value), value => Unsigned(c) ? Math.Min(1, value & long.MaxValue | (value >>> 63)) : Math.Sign(value)),
        ["Floor"] = c => Unary(c, Math.Floor, null),
        ["Ceil"] = c => Unary(c, Math.Ceiling, null),
        ["Round"] = c => Unary(c, value => Math.Round(value, MidpointRounding.ToEven), null),
        ["Sqrt"] = c => Unary(c, Math.Sqrt, null),
        ["Reciprocal"] = c => Unary(c, value => 1 / value, null),
        ["Exp"] = c => Unary(c, Math.Exp, null),
        ["Log"] = c => Unary(c, Math.Log, null),
        ["Where"] = Where,
        ["Cast"] = Cast,
        ["ReduceProd"] = c => Reduce(c, 1, (a, b) => a * b, (a, b) => a * b),
        ["ReduceSum"] = c => Reduce(c, 0, (a, b) => a + b, (a, b) => a + b),
        ["ReduceMax"] = c => Reduce(c, null, Math.Max, Math.Max),
        ["ReduceMin"] = c => Reduce(c, null, Math.Min, Math.Min),
    };

    private static bool Unsigned(ConstantNode c) => c.X.Type == ElementType.UInt64;

    private static bool Never(double a, double b) => throw new NotConstantException();

    private static TensorData Arithmetic(ConstantNode c, Func<double, double, double> real, Func<long, long, long> whole) => Pairwise(c.X, c.Input(1), c, real, whole);

    private static TensorData Variadic(ConstantNode c, Func<double, double, double> real, Func<long, long, long> whole) =>
        Enumerable.Range(1, c.Inputs.Count - 1).Aggregate(c.X.Clone(), (result, i) => Pairwise(result, c.Input(i), c, real, whole));

    private static TensorData Pairwise(TensorData a, TensorData b, ConstantNode c, Func<double, double, double> real, Func<long, long, long> whole)
    {
        if (a.Type != b.Type || a.Type == ElementType.Bool)
        {
            throw new NotConstantException();
        }

        long[] shape = Common(c, a, b);
        IndexMap left = Broadcast.Map(a.Shape, shape), right = Broadcast.Map(b.Shape, shape);
        return a.Type.IsFloat()
            ? TensorNumbers.FromDoubles(a.Type, shape, [.. left.Apply<double>(a.ToDoubles()).Zip(right.Apply<double>(b.ToDoubles()), real)])
            : TensorNumbers.FromLongs(a.Type, shape, [.. left.Apply<long>(a.ToLongs()).Zip(right.Apply<long>(b.ToLongs()), Defined(whole))]);
    }

    /// <summary>Integer arithmetic wraps; a division by zero, or one that overflows, is not defined and not worked out.</summary>
    private static Func<long, long, long> Defined(Func<long, long, long> operation) => (a, b) =>
    {
        try
        {
            return unchecked(operation(a, b));
        }
        catch (ArithmeticException)
        {
            throw new NotConstantException();
        }
    };

    private static TensorData Compare(ConstantNode c, Func<double, double, bool> real, Func<long, long, bool> whole)
    {
        TensorData a = c.X, b = c.Input(1);
        long[] shape = a.Type == b.Type ? Common(c, a, b) : throw new NotConstantException();
        IndexMap left = Broadcast.Map(a.Shape, shape), right = Broadcast.Map(b.Shape, shape);
        bool[] result = a.Type.IsFloat()
            ? [.. left.Apply<double>(a.ToDoubles()).Zip(right.Apply<double>(b.ToDoubles()), real)]
            : [.. left.Apply<long>(a.ToLongs()).Zip(right.Apply<long>(b.ToLongs()), whole)];
        return TensorData.Create<bool>(result, shape);
    }

    private static TensorData Unary(ConstantNode c, Func<double, double>? real, Func<long, long>? whole)
    {
        c.Require(c.X.Shape);
        return c.X.Type.IsFloat()
            ? TensorNumbers.FromDoubles(c.X.Type, c.X.Shape, [.. c.X.ToDoubles().Select(real ?? throw new NotConstantException())])
            : TensorNumbers.FromLongs(c.X.Type, c.X.Shape, [.. c.X.ToLongs().Select(whole ?? throw new NotConstantException())]);
    }

    private static long Power(long a, long b)
    {
        if (b < 0)
        {
            throw new NotConstantException();
        }

        long result = 1;
        for (; b > 0; b >>= 1, a = unchecked(a * a))
        {
            result = (b & 1) != 0 ? unchecked(result * a) : result;
        }

        return result;
    }

    private static TensorData Mod(ConstantNode c)
    {
        bool truncated = c.Node.Int("fmod", 0) != 0;
        return Arithmetic(
            c,
            (a, b) => truncated ? a % b : throw new NotConstantException(),
            (a, b) => Unsigned(c) ? (long)((ulong)a % (ulong)b) : a % b is var rest && !truncated && rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest);
    }

    private static TensorData Where(ConstantNode c)
    {
        TensorData x = c.Input(1), y = c.Input(2);
        long[] shape = x.Type == y.Type && c.X.Type == ElementType.Bool ? Broadcast.Shape(Common(c, x, y), c.X.Shape) ?? throw new NotConstantException() : throw new NotConstantException();
        c.Require(shape);
        long[] conditions = Broadcast.Map(c.X.Shape, shape).Apply<long>(c.X.ToLongs());
        TensorData left = Broadcast.Map(x.Shape, shape).Apply(x), right = Broadcast.Map(y.Shape, shape).Apply(y);
        int size = TensorData.SizeOf(x.Type);
        byte[] bytes = right.Bytes.ToArray();
        for (int i = 0; i < conditions.Length; i++)
        {
            if (conditions[i] != 0)
            {
                left.Bytes.Slice(i * size, size).CopyTo(bytes.AsSpan(i * size));
            }
        }

        return new(x.Type, shape, bytes);
    }

    private static TensorData Cast(ConstantNode c)
    {
        var type = (ElementType)c.Node.Int("to", 0);
        c.Require(c.X.Shape);
        if (type.IsFloat())
        {
            return TensorNumbers.FromDoubles(type, c.X.Shape, c.X.ToDoubles());
        }

        if (!c.X.Type.IsFloat())
        {
            return TensorNumbers.FromLongs(type, c.X.Shape, c.X.ToLongs());
        }

        // What lies beyond the integer's range is not defined, so it is not worked out.
        double[] values = c.X.ToDoubles();
        var result = TensorNumbers.FromLongs(type, c.X.Shape, [.. values.Select(value => type == ElementType.Bool ? (value != 0 ? 1 : 0) : Math.Abs(value) < 9e18 ? (long)value : throw new NotConstantException())]);
        return type == ElementType.Bool || result.ToDoubles().Zip(values).All(pair => pair.First == Math.Truncate(pair.Second)) ? result : throw new NotConstantException();
    }

    private static TensorData Reduce(ConstantNode c, long? start, Func<double, double, double> real, Func<long, long, long> whole)
    {
        int rank = c.X.Shape.Count;
        long[]? told = c.Integers(1, "axes");
        if (c.X.Count > 65536 || (start is null && c.X.Count == 0) || Unsigned(c) || c.X.Type == ElementType.Bool)
        {
            throw new NotConstantException();
        }

        if (told is null or [] && c.Node.Int("noop_with_empty_axes", 0) != 0)
        {
            return c.X.Clone();
        }

        var axes = told is null or [] ? [.. Enumerable.Range(0, rank)] : told.Select(axis => ConstantNode.Axis(axis, rank)).ToHashSet();
        int[] strides = IndexMap.Strides(c.X.Shape);
        int[] kept = [.. Enumerable.Range(0, rank).Where(i => !axes.Contains(i))], gone = [.. axes.Order()];
        var map = IndexMap.Of([.. kept.Concat(gone).Select(i => IndexMap.Whole(c.X.Shape[i], strides[i]))]);
        long[] shape = [.. c.X.Shape.Select((size, i) => axes.Contains(i) ? 1 : size).Where((_, i) => c.Node.Int("keepdims", 1) != 0 || !axes.Contains(i))];
        int group = (int)gone.Aggregate(1L, (product, i) => product * c.X.Shape[i]), count = (int)TensorData.CountOf(shape);
        T[] Folded<T>(T[] values, T? first, Func<T, T, T> add)
            where T : struct =>
            [.. Enumerable.Range(0, count).Select(i => values.Skip(i * group).Take(group) is var part && first is { } from ? part.Aggregate(from, add) : part.Aggregate(add))];
        return c.X.Type.IsFloat()
            ? TensorNumbers.FromDoubles(c.X.Type, shape, Folded(map.Apply<double>(c.X.ToDoubles()), start, real))
            : TensorNumbers.FromLongs(c.X.Type, shape, Folded(map.Apply<long>(c.X.ToLongs()), start, Defined(whole)));
    }

    private static long[] Common(ConstantNode c, TensorData a, TensorData b)
    {
        long[] shape = Broadcast.Shape(a.Shape, b.Shape) ?? throw new NotConstantException();
        c.Require(shape);
        return shape;
    }
}
