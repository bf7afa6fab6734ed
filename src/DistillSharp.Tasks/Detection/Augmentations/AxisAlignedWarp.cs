using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DistillSharp.Tasks.Detection.Augmentations;

/// <summary>
/// Scales, moves and mirrors a canvas into the input: bilinear, rows first, then columns, in fixed point. Every machine gives the same bytes, whichever instructions it has.
/// Buffers are its own; for one thread.
/// </summary>
/// <param name="wide">Whether the widest instructions are used where there are any.</param>
internal sealed class AxisAlignedWarp(bool wide = true)
{
    private readonly LinearTaps _columns = new(), _rows = new();
    private readonly RowGather _gather = new(wide);
    private byte[] _upper = [], _lower = [];
    private ushort[] _blend = [];
    private int _heldUpper, _heldLower;

    /// <summary>Prepares for a canvas.</summary>
    /// <param name="canvas">The canvas.</param>
    /// <param name="transform">From the canvas to the input.</param>
    /// <param name="width">The input's width.</param>
    /// <param name="height">The input's height.</param>
    public void Prepare(Canvas canvas, PlaneTransform transform, int width, int height)
    {
        _columns.Fill(width, canvas.Width, 1 / transform.A, -transform.C / transform.A);
        _rows.Fill(height, canvas.Height, 1 / transform.E, -transform.F / transform.E);
        int span = _columns.Highest - _columns.Lowest + 1;
        if (_upper.Length < 3 * span)
        {
            (_upper, _lower) = (new byte[3 * (span + 64)], new byte[3 * (span + 64)]);
            _blend = new ushort[span + 64 + RowGather.Overrun];
        }

        _gather.Prepare(_columns);
        (_heldUpper, _heldLower) = (int.MinValue, int.MinValue);
    }

    /// <summary>Writes one row of the input; rows are asked for in order.</summary>
    /// <param name="canvas">The canvas.</param>
    /// <param name="row">The row.</param>
    /// <param name="red">The row's red pixels.</param>
    /// <param name="green">The row's green pixels.</param>
    /// <param name="blue">The row's blue pixels.</param>
    public void Row(Canvas canvas, int row, Span<byte> red, Span<byte> green, Span<byte> blue)
    {
        int first = _rows.First[row], span = _columns.Highest - _columns.Lowest + 1;
        if (_heldLower == first || _heldUpper == first + 1)
        {
            // One of the two rows serves again, in the other place.
            (_upper, _lower, _heldUpper, _heldLower) = (_lower, _upper, _heldLower, _heldUpper);
        }

        Hold(canvas, first, ref _heldUpper, _upper, span);
        Hold(canvas, first + 1, ref _heldLower, _lower, span);
        int weight = (_rows.Weights[row] + 128) >> 8;
        for (int channel = 0; channel < 3; channel++)
        {
            Blend(_upper.AsSpan(channel * span, span), _lower.AsSpan(channel * span, span), weight, _blend);
            _gather.Run(_blend, channel == 0 ? red : channel == 1 ? green : blue);
        }
    }

    /// <summary>Two rows into one, in 256ths of a grey level.</summary>
    /// <param name="upper">The upper row.</param>
    /// <param name="lower">The lower row.</param>
    /// <param name="weight">The lower one's share, 0 to 256.</param>
    /// <param name="target">The mixed row.</param>
    internal static void Blend(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, int weight, Span<ushort> target)
    {
        ref byte from = ref MemoryMarshal.GetReference(upper), other = ref MemoryMarshal.GetReference(lower);
        ref ushort to = ref MemoryMarshal.GetReference(target);
        ushort rest = (ushort)(256 - weight);
        nuint i = 0, length = (nuint)upper.Length;
        if (Vector256.IsHardwareAccelerated && target.Length >= upper.Length)
        {
            Vector256<ushort> first = Vector256.Create(rest), second = Vector256.Create((ushort)weight);
            for (; i + 32 <= length; i += 32)
            {
                Vector256<byte> a = Vector256.LoadUnsafe(ref from, i), b = Vector256.LoadUnsafe(ref other, i);
                var (lowA, highA) = Vector256.Widen(a);
                var (lowB, highB) = Vector256.Widen(b);
                ((lowA * first) + (lowB * second)).StoreUnsafe(ref to, i);
                ((highA * first) + (highB * second)).StoreUnsafe(ref to, i + 16);
            }
        }

        for (; i < length; i++)
        {
            Unsafe.Add(ref to, i) = (ushort)((Unsafe.Add(ref from, i) * rest) + (Unsafe.Add(ref other, i) * weight));
        }
    }

    private void Hold(Canvas canvas, int row, ref int held, byte[] target, int span)
    {
        if (held != row)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                canvas.ComposeRow(channel, row, _columns.Lowest, target.AsSpan(channel * span, span));
            }

            held = row;
        }
    }
}
