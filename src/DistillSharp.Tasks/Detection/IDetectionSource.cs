using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Detection;

/// <summary>Pictures with true boxes by position, in a stable order. Labels and sizes were checked when it was opened. Reading is safe from several threads at once.</summary>
public interface IDetectionSource
{
    /// <summary>How many pictures there are.</summary>
    int Count { get; }

    /// <summary>Where a picture comes from, for messages: its file.</summary>
    /// <param name="index">The 0-based position.</param>
    string Describe(int index);

    /// <summary>A picture's size the right way up, without decoding it.</summary>
    /// <param name="index">The 0-based position.</param>
    (int Width, int Height) SizeOf(int index);

    /// <summary>A picture's true boxes; none for a background picture.</summary>
    /// <param name="index">The 0-based position.</param>
    IReadOnlyList<BoxLabel> LabelsOf(int index);

    /// <summary>Decodes a picture to red, green and blue, the right way up. It may be shared: do not write into it.</summary>
    /// <param name="index">The 0-based position.</param>
    /// <exception cref="DataException">It cannot be read; the message names it.</exception>
    PixelImage Read(int index);
}
