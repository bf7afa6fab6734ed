namespace DistillSharp.Tasks.Tests.Data.Formats;

/// <summary>CIFAR's binary records, written as their description says: label bytes, then red, green and blue planes of 32x32.</summary>
internal static class CifarRecords
{
    /// <summary>One record; its planes are filled with the three colours.</summary>
    public static byte[] Record(byte[] labels, byte red, byte green, byte blue) => [.. labels, .. Plane(red), .. Plane(green), .. Plane(blue)];

    /// <summary>Records of CIFAR-10 whose red plane holds the record's number.</summary>
    public static byte[] Of(params byte[] labels) => [.. labels.SelectMany((label, i) => Record([label], (byte)i, 0, 0))];

    private static IEnumerable<byte> Plane(byte value) => Enumerable.Repeat(value, 32 * 32);
}
