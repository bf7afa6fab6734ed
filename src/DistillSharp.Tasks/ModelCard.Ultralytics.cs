using System.Globalization;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks;

public sealed partial record ModelCard
{
    private const string DetectTask = "detect";

    // Ultralytics' own keys, without a prefix.
    private const string ForeignTask = "task", ForeignNames = "names", ForeignStride = "stride", ForeignSize = "imgsz", ForeignBatch = "batch";
    private static readonly string[] s_told = ["description", "author", "date", "version", "license", "docs"];

    /// <summary>
    /// The entries that Ultralytics' own tools read out of an ONNX file: <c>task</c>, <c>names</c>, <c>stride</c>, <c>imgsz</c>, <c>batch</c>, and what
    /// <see cref="Provenance"/> says of <c>description</c>, <c>author</c>, <c>date</c>, <c>version</c>, <c>license</c>, <c>docs</c>.
    /// </summary>
    /// <param name="batch">The batch that the file is made for, 1 or more.</param>
    /// <returns>Keys and values; they do not collide with those of <see cref="ToMetadata"/>.</returns>
    public IReadOnlyDictionary<string, string> ToUltralyticsMetadata(int batch = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [ForeignTask] = Task,
            [ForeignNames] = PythonText.Write(ClassNames),
            [ForeignStride] = (Stride ?? DefaultStride).ToString(CultureInfo.InvariantCulture),
            [ForeignSize] = string.Create(CultureInfo.InvariantCulture, $"[{Input.Height}, {Input.Width}]"),
            [ForeignBatch] = batch.ToString(CultureInfo.InvariantCulture),
        };
        foreach (string key in s_told)
        {
            if (Provenance.TryGetValue(key, out string? value))
            {
                metadata[key] = value;
            }
        }

        return metadata;
    }

    /// <summary>The card of a detector whose exporter names classes and stride, but no task, as YOLOv5's does; its output's shape must have room for a box, an objectness and these classes.</summary>
    /// <param name="metadata">The entries of an ONNX file's <c>metadata_props</c>.</param>
    /// <param name="output">The output's shape; 0 or below where a size is free.</param>
    /// <returns>The card; null where the file is another one.</returns>
    /// <exception cref="DataException">The names or the stride are damaged.</exception>
    public static ModelCard? FromYolov5(IReadOnlyDictionary<string, string> metadata, IReadOnlyList<int> output)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(output);
        if (output.Count != 3 || metadata.ContainsKey(ForeignTask) || metadata.ContainsKey(TaskKey))
        {
            return null;
        }

        var card = FromUltralytics(new Dictionary<string, string>(metadata, StringComparer.Ordinal) { [ForeignTask] = DetectTask });
        return card is not null && output.Skip(1).Contains(5 + card.ClassNames.Count) ? card : null;
    }

    /// <summary>The card of a detector that Ultralytics exported; null where the entries are not such a file's.</summary>
    private static ModelCard? FromUltralytics(IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(ForeignTask, out string? task) || task != DetectTask || !metadata.TryGetValue(ForeignNames, out string? names) || !metadata.TryGetValue(ForeignStride, out string? stride))
        {
            return null;
        }

        int[] strides = PythonText.Numbers(ForeignStride, stride, 1);
        int[] size = metadata.TryGetValue(ForeignSize, out string? told) ? PythonText.Numbers(ForeignSize, told, 2) : [DefaultSide];
        if (strides[0] is < 1 or > MaxSide || size.Any(side => side is < 1 or > MaxSide))
        {
            throw new DataException($"The model's metadata is damaged: stride '{stride}' and imgsz '{told}' must be from 1 to {MaxSide}.");
        }

        return new(DetectTask, PythonText.Names(ForeignNames, names, MaxClasses), new(3, size[0], size[^1], [0, 0, 0], [1, 1, 1]))
        {
            Stride = strides[0],
            Provenance = s_told.Where(metadata.ContainsKey).ToDictionary(key => key, key => metadata[key], StringComparer.Ordinal),
        };
    }
}
