using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace DistillSharp.Tasks.Detection.Data;

/// <summary>
/// The boxes of one picture in Pascal VOC's XML (Everingham et al., IJCV 2010), as LabelImg and others write it. Corners count from 1, so 1 is taken off, as Ultralytics converts
/// it; objects marked difficult are left out, as it does. A document type, and with it entities, is refused.
/// </summary>
public sealed class VocFile
{
    private const long MaxCharacters = 16L << 20;
    private const int MaxDepth = 16;

    // The reader's own words for it, which tell programmers how to allow it, come without a line.
    private const string Refusal = "not read: a document type (<!DOCTYPE ...>) and its entities are refused, and a file is at most 16 million characters";

    private VocFile(string path) => Path = path;

    /// <summary>The XML file.</summary>
    public string Path { get; }

    /// <summary>The picture's file name, without a folder; empty where the file does not say.</summary>
    public string FileName { get; private init; } = "";

    /// <summary>The classes' names that occur.</summary>
    public IEnumerable<string> ClassNames => Objects.Select(one => one.Name);

    /// <summary>Objects left out because they are marked difficult.</summary>
    public int DifficultCount { get; private init; }

    /// <summary>Why the file cannot be used, with the line; null where it can.</summary>
    public string? Corrupt { get; private init; }

    internal int Width { get; private init; }

    internal int Height { get; private init; }

    internal IReadOnlyList<(string Name, BoundingBox Box, int Line)> Objects { get; private init; } = [];

    /// <summary>The picture's path.</summary>
    public string Picture { get; private init; } = "";

    /// <summary>Reads a file; what is wrong with it becomes <see cref="Corrupt"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="picture">The picture's path.</param>
    public static VocFile Load(string path, string picture)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Read(path, picture, stream);
        }
        catch (XmlException error)
        {
            return new(path) { Picture = picture, Corrupt = $"{path}, line {Math.Max(1, error.LineNumber)}: {(error.LineNumber == 0 ? Refusal : error.Message)}" };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new(path) { Picture = picture, Corrupt = $"{path}: cannot be read: {error.Message}" };
        }
    }

    private static VocFile Read(string path, string picture, Stream stream)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxCharacters, IgnoreComments = true };
        using (var guard = XmlReader.Create(stream, settings))
        {
            while (guard.Read())
            {
                if (guard.Depth > MaxDepth)
                {
                    var place = (IXmlLineInfo)guard;
                    return new(path) { Picture = picture, Corrupt = $"{path}, line {place.LineNumber}: more than {MaxDepth} levels" };
                }
            }
        }

        stream.Position = 0;
        using var reader = XmlReader.Create(stream, settings);
        var root = XDocument.Load(reader, LoadOptions.SetLineInfo).Root!;
        var objects = new List<(string, BoundingBox, int)>();
        int difficult = 0;
        foreach (var one in root.Elements("object"))
        {
            int line = ((IXmlLineInfo)one).LineNumber;
            string name = one.Element("name")?.Value.Trim() ?? "";
            var box = one.Element("bndbox");
            if (name.Length == 0 || box is null
                || !Number(box, "xmin", out float left) || !Number(box, "ymin", out float top) || !Number(box, "xmax", out float right) || !Number(box, "ymax", out float bottom))
            {
                return new(path) { Picture = picture, Corrupt = $"{path}, line {line}: an object has a name and a bndbox of xmin, ymin, xmax, ymax" };
            }

            if (one.Element("difficult")?.Value.Trim() == "1")
            {
                difficult++;
            }
            else
            {
                objects.Add((name, new(left - 1, top - 1, right - 1, bottom - 1), line));
            }
        }

        var size = root.Element("size");
        return new(path)
        {
            Picture = picture,
            FileName = System.IO.Path.GetFileName(root.Element("filename")?.Value.Trim().Replace('\\', '/') ?? ""),
            Width = size is not null && Number(size, "width", out float width) && width is > 0 and < 1e6f ? (int)width : 0,
            Height = size is not null && Number(size, "height", out float height) && height is > 0 and < 1e6f ? (int)height : 0,
            Objects = objects,
            DifficultCount = difficult,
        };
    }

    private static bool Number(XElement parent, string name, out float value)
    {
        value = 0;
        return parent.Element(name) is { } element && float.TryParse(element.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }
}
