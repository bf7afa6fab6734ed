using System.Globalization;
using System.Text;
using System.Text.Json;
using DistillSharp.Runs;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Drawing;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Cli.Commands;

/// <summary>What <c>distill predict</c> writes with a detector: drawn pictures, and labels, crops and one JSON file where they are asked for.</summary>
internal sealed class PredictionFiles : IDisposable
{
    private readonly DetectorPredictionOptions _options;
    private readonly Func<int, string> _nameOf;
    private readonly string _folder;
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly MemoryStream _buffer = new();
    private readonly Utf8JsonWriter _json;

    public PredictionFiles(DetectorPredictionOptions options, Func<int, string> nameOf)
    {
        (_options, _nameOf) = (options, nameOf);
        _folder = Path.GetFullPath(options.Folder ?? Free(Path.Combine("runs", "predict")));
        _json = new(_buffer, new() { Indented = true });
        _json.WriteStartArray();
    }

    public void Add(string path, PixelImage image, IReadOnlyList<DetectedBox> found)
    {
        Directory.CreateDirectory(_folder);
        string name = Unique(Path.GetFileNameWithoutExtension(path));
        ImageFile.SavePng(BoxPainter.Draw(image, found, _nameOf), Path.Combine(_folder, name + ".png"));
        if (_options.Text)
        {
            Directory.CreateDirectory(Path.Combine(_folder, "labels"));
            RunFolder.WriteWhole(Path.Combine(_folder, "labels", name + ".txt"), Labels(image, found));
        }

        if (_options.Crops)
        {
            Crop(name, image, found);
        }

        Describe(path, image, found);
    }

    /// <summary>Writes what holds all pictures; the folder.</summary>
    public string Finish()
    {
        _json.WriteEndArray();
        _json.Flush();
        if (_options.Json)
        {
            RunFolder.WriteWhole(Path.Combine(_folder, "predictions.json"), Encoding.UTF8.GetString(_buffer.ToArray()) + "\n");
        }

        return _folder;
    }

    public void Dispose()
    {
        _json.Dispose();
        _buffer.Dispose();
    }

    private static string Labels(PixelImage image, IReadOnlyList<DetectedBox> found) =>
        string.Concat(found.Select(one => string.Create(
            CultureInfo.InvariantCulture,
            $"{one.ClassIndex} {(one.Box.Left + one.Box.Right) / 2 / image.Width:0.######} {(one.Box.Top + one.Box.Bottom) / 2 / image.Height:0.######} {one.Box.Width / image.Width:0.######} {one.Box.Height / image.Height:0.######}\n")));

    private static string Free(string wanted)
    {
        string path = wanted;
        for (int i = 2; Directory.Exists(path); i++)
        {
            path = string.Create(CultureInfo.InvariantCulture, $"{wanted}-{i}");
        }

        return path;
    }

    private void Crop(string name, PixelImage image, IReadOnlyList<DetectedBox> found)
    {
        for (int i = 0; i < found.Count; i++)
        {
            if (BoxCrop.Of(image, found[i].Box) is { } crop)
            {
                string folder = Path.Combine(_folder, "crops", Safe(_nameOf(found[i].ClassIndex)));
                Directory.CreateDirectory(folder);
                ImageFile.SavePng(crop, Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{i + 1}.png")));
            }
        }
    }

    /// <summary>A class's name as a folder: it comes out of a stranger's file and must not lead out of ours.</summary>
    private static string Safe(string name)
    {
        string safe = new([.. name.Select(one => char.IsLetterOrDigit(one) || one is ' ' or '-' or '_' ? one : '_').Take(100)]);
        return safe.Trim().Length > 0 ? safe.Trim() : "_";
    }

    private void Describe(string path, PixelImage image, IReadOnlyList<DetectedBox> found)
    {
        _json.WriteStartObject();
        _json.WriteString("file", path);
        _json.WriteNumber("width", image.Width);
        _json.WriteNumber("height", image.Height);
        _json.WriteStartArray("boxes");
        foreach (var one in found)
        {
            _json.WriteStartObject();
            _json.WriteString("name", _nameOf(one.ClassIndex));
            _json.WriteNumber("class", one.ClassIndex);
            _json.WriteNumber("confidence", one.Confidence);
            _json.WriteStartObject("box");
            _json.WriteNumber("x1", one.Box.Left);
            _json.WriteNumber("y1", one.Box.Top);
            _json.WriteNumber("x2", one.Box.Right);
            _json.WriteNumber("y2", one.Box.Bottom);
            _json.WriteEndObject();
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    /// <summary>A name no earlier picture has: <c>a/1.jpg</c> and <c>b/1.jpg</c> are 1 and 1-2.</summary>
    private string Unique(string wanted)
    {
        string name = wanted;
        for (int i = 2; !_names.Add(name); i++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{wanted}-{i}");
        }

        return name;
    }
}
