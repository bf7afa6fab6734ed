using DistillSharp.Graph;

namespace Conformance.Tests.Operators.Generated;

/// <summary>Bits of integers; elements picked by flags, put back by places, turned round; losses of labelled classes.</summary>
internal static class BitDrafts
{
    public static readonly Dictionary<string, (int Since, Action<Draft> Draw)> Cases = new()
    {
        ["BitShift"] = (11, BitShift),
        ["BitwiseAnd"] = (18, Pair),
        ["BitwiseOr"] = (18, Pair),
        ["BitwiseXor"] = (18, Pair),
        ["BitwiseNot"] = (18, d => Typed(d, d.Shape(), out var type).Output(type)),
        ["Compress"] = (9, Compress),
        ["ReverseSequence"] = (10, ReverseSequence),
        ["MaxUnpool"] = (11, MaxUnpool),
        ["NegativeLogLikelihoodLoss"] = (13, d => Loss(d, logarithms: false)),
        ["SoftmaxCrossEntropyLoss"] = (13, d => Loss(d, d.Coin())),
    };

    public static void Compress(Draft d)
    {
        long[] shape = d.Shape(most: 3);
        int axis = d.Next(0, shape.Length - 1);
        bool flat = d.Coin();
        long most = flat ? TensorData.CountOf(shape) : shape[axis];
        d.Floats(shape).Flags([d.Next(1, (int)most)]).Outputs(1);
        _ = flat ? d : d.With("axis", (long)axis);
    }

    public static void ReverseSequence(Draft d)
    {
        long[] shape = d.Shape(2, 4);
        bool timeFirst = d.Coin();
        d.Floats(shape).Integers([shape[timeFirst ? 1 : 0]], 1, (int)shape[timeFirst ? 0 : 1]).With("time_axis", timeFirst ? 0L : 1).With("batch_axis", timeFirst ? 1L : 0).Outputs(1);
    }

    private static void BitShift(Draft d)
    {
        long[] shape = d.Shape(), narrow = d.Narrower(shape);
        bool left = d.Coin();
        int count = (int)TensorData.CountOf(shape), places = (int)TensorData.CountOf(narrow);
        switch (d.Next(0, 2))
        {
            case 0:
                d.Bytes(shape, 0, 255).Bytes(narrow, 0, 7).Output(ElementType.UInt8);
                break;
            case 1:
                d.Feed(TensorData.Create<uint>([.. Enumerable.Range(0, count).Select(_ => (uint)d.Next(0, 1_000_000_000) * 4)], shape))
                    .Feed(TensorData.Create<uint>([.. Enumerable.Range(0, places).Select(_ => (uint)d.Next(0, 31))], narrow)).Output(ElementType.UInt32);
                break;
            default:
                d.Feed(TensorData.Create<ulong>([.. Enumerable.Range(0, count).Select(_ => (ulong)d.Next(0, 1_000_000_000))], shape))
                    .Feed(TensorData.Create<ulong>([.. Enumerable.Range(0, places).Select(_ => (ulong)d.Next(0, 32))], narrow)).Output(ElementType.UInt64);
                break;
        }

        d.With("direction", left ? "LEFT" : "RIGHT");
    }

    private static void Pair(Draft d)
    {
        long[] shape = d.Shape();
        Typed(d, shape, out var type);
        var first = d.Fed.Values.First();
        d.Feed(new(type, shape, [.. first.Bytes.ToArray().Reverse()])).Output(type);
    }

    /// <summary>Integers of any bits that run here: those of a uint64 only below its highest one.</summary>
    private static Draft Typed(Draft d, long[] shape, out ElementType type)
    {
        type = d.Any(ElementType.Int8, ElementType.Int16, ElementType.Int32, ElementType.Int64, ElementType.UInt8, ElementType.UInt16, ElementType.UInt32);
        byte[] bytes = [.. Enumerable.Range(0, (int)(TensorData.CountOf(shape) * TensorData.SizeOf(type))).Select(_ => (byte)d.Next(0, 255))];
        return d.Feed(new(type, shape, bytes));
    }

    private static void MaxUnpool(Draft d)
    {
        // A place in its own window each, so that none is written twice.
        long n = d.Next(1, 2), c = d.Next(1, 2), h = d.Next(1, 3), w = d.Next(1, 3);
        long[] places = [.. Enumerable.Range(0, (int)(n * c * h * w)).Select(i => ((((i / w) * 2) + d.Next(0, 1)) * 2 * w) + ((i % w) * 2) + d.Next(0, 1))];
        d.Floats([n, c, h, w]).Feed(TensorData.Create<long>(places, n, c, h, w)).With("kernel_shape", 2, 2).With("strides", 2, 2).Outputs(1);
    }

    private static void Loss(Draft d, bool logarithms)
    {
        long[] rest = d.Shape(0, 2, 3);
        long n = d.Next(1, 3), classes = d.Next(2, 5);
        string reduction = d.Any("none", "sum", "mean");
        bool ignores = d.Coin();
        d.Floats([n, classes, .. rest]).Integers([n, .. rest], 0, (int)classes - 1);
        _ = d.Coin() ? d.Floats([classes], 0.2, 2) : d;
        _ = ignores ? d.With("ignore_index", (long)d.Next(-1, 1)) : d;

        // The mean over no label at all is 0/0 on one side and the other.
        d.With("reduction", ignores && reduction == "mean" ? "sum" : reduction).Outputs(logarithms ? 2 : 1);
    }
}
