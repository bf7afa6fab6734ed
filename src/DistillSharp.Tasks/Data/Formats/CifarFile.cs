using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Data.Formats;

/// <summary>Reads CIFAR's binary files: label bytes, then 32x32 red, green and blue planes, again and again.</summary>
internal static class CifarFile
{
    private const int Side = 32, PictureLength = 3 * Side * Side;

    /// <summary>Reads one or several files as one set; the number of records comes from the length.</summary>
    /// <param name="name">The set's name in messages.</param>
    /// <param name="paths">The files, in order.</param>
    /// <param name="labelBytes">The label bytes before each picture; the last one is the class.</param>
    /// <param name="classes">The number of classes.</param>
    public static MemorySamples Read(string name, IEnumerable<string> paths, int labelBytes, int classes)
    {
        var images = new List<PixelImage>();
        var labels = new List<byte>();
        foreach (string path in paths)
        {
            byte[] bytes = File.ReadAllBytes(path);
            int record = labelBytes + PictureLength;
            if (bytes.Length == 0 || bytes.Length % record != 0)
            {
                throw new DataException($"'{path}' is {(bytes.Length == 0 ? "empty" : "truncated")}: it has {bytes.Length:N0} bytes, but a CIFAR file is a whole number of records of {record:N0}. Fetch it again.");
            }

            for (int start = 0; start < bytes.Length; start += record)
            {
                byte label = bytes[start + labelBytes - 1];
                if (label >= classes)
                {
                    throw new DataException($"'{path}': label {label} of record {start / record} is out of range; there are {classes} classes, 0 to {classes - 1}.");
                }

                images.Add(new(3, Side, Side, bytes.AsSpan(start + labelBytes, PictureLength).ToArray()));
                labels.Add(label);
            }
        }

        return new(name, images, labels.ToArray());
    }

    /// <summary>The set's name in tables: says how much of it was used.</summary>
    /// <param name="title">The published name.</param>
    /// <param name="train">Training records.</param>
    /// <param name="test">Test records.</param>
    public static string Describe(string title, int train, int test) =>
        $"{title}{(train == 50_000 && test == 10_000 ? "" : " subset")}, {train:N0}/{test:N0}";
}
