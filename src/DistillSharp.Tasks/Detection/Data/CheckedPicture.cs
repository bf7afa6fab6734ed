namespace DistillSharp.Tasks.Detection.Data;

/// <summary>A picture whose header and boxes have been checked.</summary>
/// <param name="Path">The file.</param>
/// <param name="Width">Its width, the right way up; 0 where it is corrupt.</param>
/// <param name="Height">Its height.</param>
/// <param name="Reading">Its boxes and what is wrong with them.</param>
internal sealed record CheckedPicture(string Path, int Width, int Height, LabelReading Reading);
