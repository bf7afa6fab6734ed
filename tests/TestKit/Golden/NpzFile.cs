using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace DistillSharp.TestKit.Golden;

/// <summary>NumPy's archive of arrays: a zip of <c>.npy</c> entries. It reads what the golden numbers use: float32, float64, int32, int64, uint8 and bool in C order.</summary>
public static partial class NpzFile
{
    /// <summary>Reads every array of a file.</summary>
    /// <param name="path">The file.</param>
    public static IReadOnlyDictionary<string, NpyArray> Read(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        var arrays = new Dictionary<string, NpyArray>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries)
        {
            using var stream = entry.Open();
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            arrays.Add(Path.GetFileNameWithoutExtension(entry.FullName), Parse($"{path}: {entry.FullName}", memory.ToArray()));
        }

        return arrays;
    }

    private static NpyArray Parse(string what, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 10 || bytes[0] != 0x93 || !bytes[1..6].SequenceEqual("NUMPY"u8))
        {
            throw new InvalidDataException($"{what} is no npy array.");
        }

        int prefix = bytes[6] == 1 ? 10 : 12;
        int length = bytes[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) : BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        string header = Encoding.ASCII.GetString(bytes.Slice(prefix, length));
        if (!header.Contains("'fortran_order': False", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{what} is not in C order: {header}");
        }

        string type = TypePattern().Match(header).Groups[1].Value;
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

        return new(shape, values);
    }

    [GeneratedRegex(@"'descr':\s*'([^']+)'")]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"'shape':\s*\(([^)]*)\)")]
    private static partial Regex ShapePattern();
}

/// <summary>An array as numbers; float64 holds every float32, and every int64 that occurs, exactly.</summary>
/// <param name="Shape">The shape; empty for a scalar.</param>
/// <param name="Values">The elements in C order.</param>
public sealed record NpyArray(IReadOnlyList<long> Shape, IReadOnlyList<double> Values)
{
    /// <summary>The only element.</summary>
    public double Scalar => Values.Single();
}
