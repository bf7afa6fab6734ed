namespace DistillSharp.Recipes;

/// <summary>A teacher of an ensemble beside the first: trained as the first is, or a finished file.</summary>
public sealed record MemberSettings
{
    /// <summary>The model to train, with options; null where <see cref="Weights"/> is a finished file.</summary>
    public ModelChoice? Model { get; init; }

    /// <summary>A finished teacher: any ONNX classifier of the data's classes. In a recipe file the path is relative to the file's folder, else to the current directory.</summary>
    public string? Weights
    {
        get;
        init => field = RecipePaths.Checked(value);
    }
}
