namespace DistillSharp.Detection.Distillation;

/// <summary>Pictures without labels, from which the student learns by the teacher alone, beside the labelled ones.</summary>
public sealed record UnlabelledSettings
{
    /// <summary>The folder, or a list file with a path a line. In a recipe file it is relative to the file's folder, else to the current directory.</summary>
    public required string Folder
    {
        get;
        init => field = value.Trim().Length > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Folder), value, "A folder of pictures is expected here.");
    }

    /// <summary>Unlabelled pictures for each labelled one, above 0 up to 16: they join every batch, which holds as many labelled ones as without them. Default 1.</summary>
    public double Ratio
    {
        get;
        init => field = value is > 0 and <= 16 ? value : throw new ArgumentOutOfRangeException(nameof(Ratio), value, "There must be more than 0 and at most 16 unlabelled pictures for each labelled one; 0.5 to 4 in practice.");
    } = 1;
}
