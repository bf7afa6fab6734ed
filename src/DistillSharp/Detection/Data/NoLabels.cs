using DistillSharp.Tasks.Detection.Data;

namespace DistillSharp.Detection.Data;

/// <summary>Pictures that have no boxes on disk, and need none.</summary>
internal sealed class NoLabels : PictureLabels
{
    /// <inheritdoc/>
    public override string? FileOf(string picture) => null;

    /// <inheritdoc/>
    public override string CacheStem(string picture) => Path.ChangeExtension(picture, null);

    /// <inheritdoc/>
    public override LabelReading Read(string picture, int width, int height, int classCount) => new([]) { IsMissing = true };
}
