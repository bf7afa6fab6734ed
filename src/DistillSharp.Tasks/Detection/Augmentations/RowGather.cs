using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DistillSharp.Tasks.Detection.Augmentations;

/// <summary>Picks and mixes the columns of a row. With AVX-512, 32 at a time; the arithmetic is the same without.</summary>
/// <param name="wide">Whether AVX-512 is used where there is any.</param>
internal sealed class RowGather(bool wide)
{
    /// <summary>Elements behind a row that are read, and have no effect.</summary>
    public const int Overrun = 64;

    private const int Lanes = 32;
    private int[] _places = [], _bases = [];
    private ushort[] _weights = [], _offsets = [];
    private int _length;

    /// <summary>Takes the columns' table.</summary>
    public void Prepare(LinearTaps columns)
    {
        _length = columns.Length;
        if (_places.Length < _length)
        {
            (_places, _weights, _offsets, _bases) = (new int[_length], new ushort[_length], new ushort[_length], new int[_length / Lanes]);
        }

        columns.Weights.CopyTo(_weights);
        for (int i = 0; i < _length; i++)
        {
            _places[i] = columns.First[i] - columns.Lowest;
        }

        for (int group = 0; wide && group < _length / Lanes; group++)
        {
            // The columns of a group run one way; what they pick must lie in 64 elements.
            var places = _places.AsSpan(group * Lanes, Lanes);
            int low = Math.Min(places[0], places[^1]), high = Math.Max(places[0], places[^1]);
            _bases[group] = high - low + 2 <= 2 * Lanes ? low : -1;
            for (int i = 0; i < Lanes; i++)
            {
                _offsets[(group * Lanes) + i] = (ushort)(places[i] - low);
            }
        }
    }

    /// <summary>Makes a row of pixels.</summary>
    /// <param name="row">Mixed rows, in 256ths, with <see cref="Overrun"/> elements behind.</param>
    /// <param name="target">The pixels.</param>
    public void Run(ReadOnlySpan<ushort> row, Span<byte> target)
    {
        ref ushort from = ref MemoryMarshal.GetReference(row);
        int start = 0;
        if (wide && Avx512BW.IsSupported)
        {
            ref byte to = ref MemoryMarshal.GetReference(target);
            Vector512<ushort> one = Vector512.Create((ushort)1), half = Vector512.Create((ushort)128);
            for (; start + Lanes <= _length; start += Lanes)
            {
                int place = _bases[start / Lanes];
                if (place < 0)
                {
                    Narrow(row, target, start, start + Lanes);
                    continue;
                }

                Vector512<ushort> low = Vector512.LoadUnsafe(ref from, (nuint)place), high = Vector512.LoadUnsafe(ref from, (nuint)place + Lanes);
                var offsets = Vector512.LoadUnsafe(ref _offsets[start]);
                var weights = Vector512.LoadUnsafe(ref _weights[start]);
                var left = Avx512BW.PermuteVar32x16x2(low, offsets, high);
                var right = Avx512BW.PermuteVar32x16x2(low, offsets + one, high);
                var mixed = left - Avx512BW.MultiplyHigh(left, weights) + Avx512BW.MultiplyHigh(right, weights);
                Avx512BW.ConvertToVector256Byte((mixed + half) >>> 8).StoreUnsafe(ref to, (nuint)start);
            }
        }

        Narrow(row, target, start, _length);
    }

    private void Narrow(ReadOnlySpan<ushort> row, Span<byte> target, int start, int end)
    {
        ref ushort from = ref MemoryMarshal.GetReference(row);
        for (int i = start; i < end; i++)
        {
            ref ushort place = ref Unsafe.Add(ref from, _places[i]);
            uint left = place, right = Unsafe.Add(ref place, 1), weight = _weights[i];
            target[i] = (byte)((left - ((left * weight) >> 16) + ((right * weight) >> 16) + 128) >> 8);
        }
    }
}
