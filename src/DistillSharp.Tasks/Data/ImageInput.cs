namespace DistillSharp.Tasks.Data;

/// <summary>What a model wants of a picture: its size, and how pixels of 0 to 1 are normalised, <c>(x - Mean) / Deviation</c>.</summary>
/// <param name="Channels">1 or 3.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Mean">The mean of each channel, pixels scaled to 0 to 1.</param>
/// <param name="Deviation">The standard deviation of each channel, above 0.</param>
public sealed record ImageInput(int Channels, int Height, int Width, IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation);
