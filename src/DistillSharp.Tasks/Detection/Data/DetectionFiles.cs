using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Detection.Data;

/// <summary>Picture files with true boxes that have been checked. <see cref="DetectionChecker"/> makes it.</summary>
public sealed class DetectionFiles : IDetectionSource
{
    private readonly CheckedPicture[] _pictures;

    internal DetectionFiles(IReadOnlyList<CheckedPicture> pictures, IReadOnlyList<string> remarks)
    {
        _pictures = [.. pictures];
        Remarks = remarks;
        BackgroundCount = _pictures.Count(picture => picture.Reading.Labels.Count == 0);
        BoxCount = _pictures.Sum(picture => picture.Reading.Labels.Count);
    }

    /// <inheritdoc/>
    public int Count => _pictures.Length;

    /// <summary>Pictures without a box.</summary>
    public int BackgroundCount { get; }

    /// <summary>Boxes in all.</summary>
    public int BoxCount { get; }

    /// <summary>What the check found and left out, one line each: file, line, reason.</summary>
    public IReadOnlyList<string> Remarks { get; }

    /// <summary>The same pictures with further remarks in front.</summary>
    /// <param name="remarks">The remarks.</param>
    public DetectionFiles WithRemarks(IReadOnlyList<string> remarks) => new(_pictures, [.. remarks, .. Remarks]);

    /// <inheritdoc/>
    public string Describe(int index) => _pictures[index].Path;

    /// <inheritdoc/>
    public (int Width, int Height) SizeOf(int index) => (_pictures[index].Width, _pictures[index].Height);

    /// <inheritdoc/>
    public IReadOnlyList<BoxLabel> LabelsOf(int index) => _pictures[index].Reading.Labels;

    /// <inheritdoc/>
    public PixelImage Read(int index) => ImageFile.Load(_pictures[index].Path);
}
