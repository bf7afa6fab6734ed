using System.Globalization;

namespace DistillSharp.Tasks.Detection.Data;

/// <summary>
/// YOLO's text files: a row a box, <c>class x y w h</c> as shares of the picture. The file of <c>images/a/b.jpg</c> is <c>labels/a/b.txt</c> (the last folder named
/// <c>images</c> counts); without such a folder it lies beside the picture. Rows of polygons (<c>class x1 y1 x2 y2 …</c>) become the boxes around them.
/// </summary>
public sealed class YoloLabels : PictureLabels
{
    private const long MaxBytes = 16L << 20;

    /// <inheritdoc/>
    public override string? FileOf(string picture) => Path.ChangeExtension(InLabels(picture), ".txt");

    /// <inheritdoc/>
    public override string CacheStem(string picture) => Path.GetDirectoryName(FileOf(picture)) ?? picture;

    /// <inheritdoc/>
    public override LabelReading Read(string picture, int width, int height, int classCount)
    {
        string file = FileOf(picture)!;
        try
        {
            var information = new FileInfo(file);
            if (!information.Exists)
            {
                return new([]) { IsMissing = true };
            }

            return information.Length > MaxBytes
                ? new([]) { Corrupt = $"{file}: {information.Length:N0} bytes; a label file has at most {MaxBytes:N0}" }
                : Parse(file, File.ReadAllText(file), classCount);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new([]) { Corrupt = $"{file}: cannot be read: {error.Message}" };
        }
    }

    /// <summary>Reads and checks the text of a label file.</summary>
    /// <param name="file">What messages call it.</param>
    /// <param name="text">Its text.</param>
    /// <param name="classCount">The number of classes.</param>
    public static LabelReading Parse(string file, string text, int classCount)
    {
        ArgumentNullException.ThrowIfNull(text);
        var collector = new LabelCollector(classCount);
        int number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (line.IsWhiteSpace())
            {
                continue;
            }

            string place = $"{file}, line {number}";
            if (collector.IsFull)
            {
                collector.Spoil(place, $"more than {LabelCollector.MaxBoxes:N0} boxes");
                break;
            }

            Row(line, place, collector);
        }

        return collector.Finish(file);
    }

    private static void Row(ReadOnlySpan<char> line, string place, LabelCollector collector)
    {
        // A row of polygons may be long; the first numbers decide about a box.
        float kind = 0, left = float.MaxValue, top = float.MaxValue, right = float.MinValue, bottom = float.MinValue;
        Span<float> box = stackalloc float[4];
        int columns = 0;
        bool sound = true;
        foreach (var range in line.SplitAny(' ', '\t', '\r', '\v', '\f', '\uFEFF'))
        {
            var word = line[range];
            if (word.IsEmpty)
            {
                continue;
            }

            if (!float.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out float value))
            {
                collector.Spoil(place, $"'{(word.Length > 40 ? word[..40] : word)}' is no number");
                return;
            }

            if (columns == 0)
            {
                kind = value;
            }
            else
            {
                if (columns <= 4)
                {
                    box[columns - 1] = value;
                }

                sound &= value is >= 0 and <= 1;
                (left, top, right, bottom) = columns % 2 == 1
                    ? (Math.Min(left, value), top, Math.Max(right, value), bottom)
                    : (left, Math.Min(top, value), right, Math.Max(bottom, value));
            }

            columns++;
        }

        if (float.IsFinite(kind) && (kind != MathF.Truncate(kind) || Math.Abs(kind) > 1e6f))
        {
            collector.Spoil(place, string.Create(CultureInfo.InvariantCulture, $"the class {kind} is no whole number of a class"));
        }
        else if (!float.IsFinite(kind))
        {
            collector.Spoil(place, "labels must be finite numbers, NaN or infinity found");
        }
        else if (columns == 5)
        {
            collector.Add(new((int)kind, box[0], box[1], box[2], box[3]), place);
        }
        else if (columns >= 7 && columns % 2 == 1)
        {
            if (sound)
            {
                collector.Add(new((int)kind, (left + right) / 2, (top + bottom) / 2, right - left, bottom - top), place);
            }
            else
            {
                collector.Spoil(place, "non-normalized or out of bounds coordinates of a polygon");
            }
        }
        else
        {
            collector.Spoil(place, $"labels require 5 columns (class x y w h), or a class and 3 points or more; {columns} columns detected");
        }
    }

    /// <summary>The path with its last folder <c>images</c> named <c>labels</c>.</summary>
    private static string InLabels(string picture)
    {
        string separator = $"{Path.DirectorySeparatorChar}", folder = separator + "images" + separator;
        int place = picture.LastIndexOf(folder, StringComparison.Ordinal);
        return place < 0 ? picture : string.Concat(picture.AsSpan(0, place), separator + "labels" + separator, picture.AsSpan(place + folder.Length));
    }
}
