using DistillSharp.Tasks.Detection;

namespace DistillSharp.Runtime.Detection;

/// <summary>What a detector from elsewhere does not say of itself. Everything may be left out that its file, its card or a sample of its answers tells.</summary>
public sealed record BoxDetectorOptions
{
    /// <summary>The names of the classes, in the detector's own order from 0, a background class included where it counts one. Empty (default) for those of its card, if it has one.</summary>
    public IReadOnlyList<string> ClassNames
    {
        get;
        init => field = value is not null && !value.Any(string.IsNullOrWhiteSpace) ? value : throw new ArgumentException("Every class needs a name.", nameof(ClassNames));
    } = [];

    /// <summary>The output that holds the boxes; null (default) where names and shapes tell.</summary>
    public string? Boxes { get; init => field = Named(value, nameof(Boxes)); }

    /// <summary>The output that holds the scores; null (default) where names and shapes tell.</summary>
    public string? Scores { get; init => field = Named(value, nameof(Scores)); }

    /// <summary>The output that holds each box's class; null (default) where names, types and shapes tell, or where each class has a score.</summary>
    public string? Labels { get; init => field = Named(value, nameof(Labels)); }

    /// <summary>What the four numbers of a box mean; told by a sample by default.</summary>
    public BoxFormat BoxFormat
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(BoxFormat), value, "The box format is none of those there are.");
    }

    /// <summary>What the numbers of a box count; told by a sample by default.</summary>
    public BoxUnit BoxUnit
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(BoxUnit), value, "The box unit is none of those there are.");
    }

    /// <summary>What the scores are; told by a sample by default.</summary>
    public ScoreKind ScoreKind
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(ScoreKind), value, "The kind of scores is none of those there are.");
    }

    /// <summary>The side of the square that pictures are fitted into, pixels, 32 to 8192. Null (default) for what the file fixes, otherwise the size that the pictures have.</summary>
    public int? ImageSize
    {
        get;
        init => field = value is null or (>= 32 and <= 8192) ? value : throw new ArgumentOutOfRangeException(nameof(ImageSize), value, "The image size must be from 32 to 8192.");
    }

    /// <summary>How many pictures the model is given at once, 1 or more. Null (default) for what the file fixes, one where its answers have no batch, otherwise all.</summary>
    public int? BatchSize
    {
        get;
        init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(BatchSize), value, "The batch size must be 1 or more.");
    }

    /// <summary>What is subtracted from the red, green and blue of pixels of 0 to 1. Empty (default) for the card's, otherwise 0.</summary>
    public IReadOnlyList<float> Mean
    {
        get;
        init => field = value is { Count: 0 or 3 } && value.All(float.IsFinite) ? value : throw new ArgumentOutOfRangeException(nameof(Mean), value, "The mean has three finite numbers: red, green, blue.");
    } = [];

    /// <summary>What they are then divided by, above 0. Empty (default) for the card's, otherwise 1; a file that takes pixels of 0 to 255 says 1/255 = 0.0039216 three times (one that takes bytes need not).</summary>
    public IReadOnlyList<float> Std
    {
        get;
        init => field = value is { Count: 0 or 3 } && value.All(one => float.IsFinite(one) && one > 0) ? value : throw new ArgumentOutOfRangeException(nameof(Std), value, "The deviation has three numbers above 0: red, green, blue.");
    } = [];

    /// <summary>Which boxes count as found; default confidence above 0.1, suppression at 0.7, the best class of a place, at most 300 boxes. Rows of YOLO that were chosen inside the file are not suppressed again.</summary>
    public NonMaxSuppressionOptions Suppression
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Suppression));
    } = new() { Confidence = 0.1f };

    private static string? Named(string? value, string name) => value is null || value.Length > 0 ? value : throw new ArgumentException("An output is named by at least one letter; leave it out where it is told by itself.", name);
}
