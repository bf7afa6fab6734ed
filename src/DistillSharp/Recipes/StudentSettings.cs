namespace DistillSharp.Recipes;

/// <summary>The student: a model of the zoo, or any ONNX file whose operators are covered.</summary>
public sealed record StudentSettings
{
    /// <summary>The model, with options; null where <see cref="Weights"/> is a file.</summary>
    public ModelChoice? Model { get; init; }

    /// <summary>
    /// An ONNX file to train on from: its graph and its weights. Null to draw <see cref="Model"/>'s. In a recipe file the path is
    /// relative to the file's folder, else to the current directory.
    /// </summary>
    public string? Weights
    {
        get;
        init => field = RecipePaths.Checked(value);
    }
}
