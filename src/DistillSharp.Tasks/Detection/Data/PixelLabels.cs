namespace DistillSharp.Tasks.Detection.Data;

/// <summary>Boxes in pixels that were read beforehand, by picture: of a COCO file or of VOC's XML files.</summary>
public sealed class PixelLabels : PictureLabels
{
    private readonly Dictionary<string, Entry> _byPicture = new(StringComparer.Ordinal);
    private readonly string _file;

    private PixelLabels(string file) => _file = file;

    /// <inheritdoc/>
    public override string CacheKey =>
        File.Exists(_file) ? $"{_file}|{new FileInfo(_file).Length}|{File.GetLastWriteTimeUtc(_file).Ticks}" : _file;

    /// <summary>The boxes of a COCO file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="folder">The pictures' folder.</param>
    /// <param name="classes">For each of the file's classes, the set's; null where they are the same.</param>
    public static PixelLabels Of(CocoFile file, string folder, IReadOnlyList<int>? classes = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        var labels = new PixelLabels(file.Path);
        foreach (var picture in file.Pictures)
        {
            // Two entries of one name are one picture.
            string path = Path.Combine(folder, picture.FileName);
            if (!labels._byPicture.TryGetValue(path, out var entry))
            {
                labels._byPicture.Add(path, entry = new(picture.Width, picture.Height, null, null, []));
            }

            entry.Boxes.AddRange(picture.Boxes.Select(box => classes is null ? box : box with { ClassIndex = classes[box.ClassIndex] }));
        }

        return labels;
    }

    /// <summary>The boxes of VOC's XML files.</summary>
    /// <param name="folder">The set's folder, for messages and the cache.</param>
    /// <param name="files">The files.</param>
    /// <param name="classNames">The classes' names.</param>
    public static PixelLabels Of(string folder, IEnumerable<VocFile> files, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(classNames);
        var labels = new PixelLabels(Path.Combine(folder, "Annotations"));
        var classes = classNames.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index, StringComparer.Ordinal);
        foreach (var file in files)
        {
            labels._byPicture[file.Picture] = new(
                file.Width, file.Height, file.Path, file.Corrupt,
                [.. file.Objects.Select(one => new PixelBox(classes.GetValueOrDefault(one.Name, int.MaxValue), one.Box, $"{file.Path}, line {one.Line} ('{one.Name}')"))]);
        }

        return labels;
    }

    /// <inheritdoc/>
    public override string? FileOf(string picture) => _byPicture.TryGetValue(picture, out var entry) ? entry.File : null;

    /// <inheritdoc/>
    public override string CacheStem(string picture) => Path.ChangeExtension(_file, null);

    /// <inheritdoc/>
    public override LabelReading Read(string picture, int width, int height, int classCount)
    {
        if (!_byPicture.TryGetValue(picture, out var entry))
        {
            return new([]) { IsMissing = true };
        }

        if (entry.Corrupt is not null)
        {
            return new([]) { Corrupt = entry.Corrupt };
        }

        var collector = new LabelCollector(classCount);
        string file = entry.File ?? _file;
        bool told = entry.Width > 0 && entry.Height > 0;
        if (told && (entry.Width, entry.Height) != (width, height))
        {
            collector.Remark(file, $"says {entry.Width}x{entry.Height} of '{picture}', which is {width}x{height} the right way up; its boxes are taken as shares of the former");
        }

        foreach (var box in entry.Boxes.Take(LabelCollector.MaxBoxes))
        {
            collector.Add(box.ToLabel(told ? entry.Width : width, told ? entry.Height : height), box.Place);
        }

        if (entry.Boxes.Count > LabelCollector.MaxBoxes)
        {
            collector.Spoil(file, $"more than {LabelCollector.MaxBoxes:N0} boxes of '{picture}'");
        }

        return collector.Finish($"{file} ('{Path.GetFileName(picture)}')") with { IsMissing = entry.Boxes.Count == 0 };
    }

    private sealed record Entry(int Width, int Height, string? File, string? Corrupt, List<PixelBox> Boxes);
}
