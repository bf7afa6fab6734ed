using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DistillSharp.TestKit.Golden;

/// <summary>An array as numbers; float64 holds every float32, and every int64 that occurs, exactly.</summary>
/// <param name="Shape">The shape; empty for a scalar.</param>
/// <param name="Values">The elements in C order.</param>
public sealed partial record NpyArray(IReadOnlyList<long> Shape, IReadOnlyList<double> Values)
{
    /// <summary>The only element.</summary>
    public double Scalar => Values.Single();

    /// <summary>Reads a <c>.npy</c> file of the types that golden numbers use: float32, float64, int32, int64, uint8 and bool, little-endian, in C or Fortran order.</summary>
    /// <param name="what">The name of the file, for errors.</param>
    /// <param name="bytes">Its bytes.</param>
    public static NpyArray Parse(string what, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 10 || bytes[0] != 0x93 || !bytes[1..6].SequenceEqual("NUMPY"u8))
        {
            throw new InvalidDataException($"{what} is not an npy array.");
        }

        int prefix = bytes[6] == 1 ? 10 : 12;
        int length = bytes[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) : BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        string header = Encoding.ASCII.GetString(bytes.Slice(prefix, length)), type = TypePattern().Match(header).Groups[1].Value;
        long[] shape = [.. ShapePattern().Match(header).Groups[1].Value
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(size => long.Parse(size, CultureInfo.InvariantCulture))];
        double[] values = new double[shape.Aggregate(1L, (product, size) => product * size)];
        var data = bytes[(prefix + length)..];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = type switch
            {
                "<f4" => BinaryPrimitives.ReadSingleLittleEndian(data[(i * 4)..]),
                "<f8" => BinaryPrimitives.ReadDoubleLittleEndian(data[(i * 8)..]),
                "<i8" => BinaryPrimitives.ReadInt64LittleEndian(data[(i * 8)..]),
                "<i4" => BinaryPrimitives.ReadInt32LittleEndian(data[(i * 4)..]),
                "|b1" or "|u1" => data[i],
                _ => throw new InvalidDataException($"{what} holds '{type}', which is not read."),
            };
        }

        return new(shape, OrderPattern().Match(header).Groups[1].Value switch
        {
            "False" => values,
            "True" => Turned(values, shape),
            _ => throw new InvalidDataException($"{what} names no order of its elements: {header}"),
        });
    }

    /// <summary>In Fortran order the first index runs fastest, in C order the last.</summary>
    private static double[] Turned(double[] values, long[] shape)
    {
        double[] turned = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            long rest = i, place = 0;
            foreach (long size in shape)
            {
                place = (place * size) + (rest % size);
                rest /= size;
            }

            turned[place] = values[i];
        }

        return turned;
    }

    [GeneratedRegex(@"'descr':\s*'([^']+)'")]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"'fortran_order':\s*(\w+)")]
    private static partial Regex OrderPattern();

    [GeneratedRegex(@"'shape':\s*\(([^)]*)\)")]
    private static partial Regex ShapePattern();
}
