using DistillSharp.Plugins;

namespace DistillSharp.Weights.Import;

/// <summary>What a checkpoint is made a model file of.</summary>
public sealed record CheckpointImportOptions
{
    /// <summary>The catalogue's key of the model the weights belong to (<c>resnet20</c>); null (default) where the checkpoint tells it, as YOLO11's does.</summary>
    public string? Model { get; init; }

    /// <summary>The models there are. Default: those built in.</summary>
    public PluginCatalogs Plugins { get; init; } = PluginCatalogs.BuiltIn;

    /// <summary>A number of classes, 1 or more, whose head is drawn where it is not the checkpoint's; null (default) for the checkpoint's.</summary>
    public int? Classes
    {
        get;
        init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Classes), value, "A model tells 1 class or more.");
    }

    /// <summary>The classes' names by 0-based class; null (default) for the checkpoint's.</summary>
    public IReadOnlyList<string>? Names
    {
        get;
        init => field = value is null or { Count: > 0 } ? value : throw new ArgumentException("There must be one class name or more.", nameof(Names));
    }

    /// <summary>Rows and columns of the pictures, 1 or more each; null (default) for the checkpoint's, else the model's default.</summary>
    public (int Height, int Width)? Size
    {
        get;
        init => field = value is null or { Height: >= 1, Width: >= 1 } ? value : throw new ArgumentOutOfRangeException(nameof(Size), value, "Pictures have 1 row and column or more.");
    }

    /// <summary>The channels of the pictures, 1 or more; null (default) for what the first convolution takes.</summary>
    public int? Channels
    {
        get;
        init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Channels), value, "Pictures have 1 channel or more.");
    }

    /// <summary>The mean a classifier's pictures are normalised with, of pixels 0 to 1, one number or one a channel; null (default) if unknown.</summary>
    public IReadOnlyList<double>? Mean { get; init; }

    /// <summary>The deviation a classifier's pictures are normalised with, as <see cref="Mean"/>; above 0.</summary>
    public IReadOnlyList<double>? Deviation
    {
        get;
        init => field = value is null || value.All(one => one > 0) ? value : throw new ArgumentException("Deviations are above 0.", nameof(Deviation));
    }

    /// <summary>What a new head is drawn from. Default 0.</summary>
    public long Seed { get; init; }
}
