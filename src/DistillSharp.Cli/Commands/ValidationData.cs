namespace DistillSharp.Cli.Commands;

/// <summary>The data that a detector is scored on, and how it is loaded.</summary>
/// <param name="Data">A data.yaml, by path or name.</param>
/// <param name="Root">The folder looked in first; null for the usual ones.</param>
/// <param name="ImageSize">The side that pictures are scaled to; null for what the file says, else 640.</param>
/// <param name="Batch">The batch size; null for 16.</param>
/// <param name="Workers">Threads that decode ahead.</param>
/// <param name="SkipBad">Whether pictures that cannot be read are skipped.</param>
internal sealed record ValidationData(string Data, string? Root, int? ImageSize, int? Batch, int Workers, bool SkipBad);
