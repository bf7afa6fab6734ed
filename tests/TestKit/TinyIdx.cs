using System.Buffers.Binary;

namespace DistillSharp.TestKit;

/// <summary>A set of four tiny IDX files as MNIST has them; the picture of class k has its row k lit.</summary>
public sealed class TinyIdx
{
    private const int Side = 12;

    /// <summary>The names of the four files, in the order pictures, labels, test pictures, test labels.</summary>
    public static readonly IReadOnlyList<string> Names = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    /// <summary>The bytes of the four files, to be spoilt before <see cref="Write"/>.</summary>
    public IList<byte[]> Files { get; } = [Pictures(60), Labels(60), Pictures(20), Labels(20)];

    /// <summary>Writes the files.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Its path, for <c>--data-root</c>.</returns>
    public string Write(TemporaryFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        foreach (var (name, bytes) in Names.Zip(Files))
        {
            folder.Write(name, bytes);
        }

        return folder.Path;
    }

    private static byte[] Pictures(int count)
    {
        byte[] bytes = new byte[16 + (count * Side * Side)];
        Header(bytes, 0x803, count, Side, Side);
        for (int i = 0; i < count; i++)
        {
            bytes.AsSpan(16 + (i * Side * Side) + (i % 10 * Side), Side).Fill(255);
        }

        return bytes;
    }

    private static byte[] Labels(int count)
    {
        byte[] bytes = new byte[8 + count];
        Header(bytes, 0x801, count);
        for (int i = 0; i < count; i++)
        {
            bytes[8 + i] = (byte)(i % 10);
        }

        return bytes;
    }

    private static void Header(byte[] bytes, params int[] numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * i), numbers[i]);
        }
    }
}
