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

    /// <summary>
    /// The height and width of the pictures that the file wants, or one number for both, 1 to 4096 pixels. Null (default): what the file or its card says. Said, pictures are fitted to it; else the data's size must be the file's.
    /// </summary>
    public IReadOnlyList<int>? Size
    {
        get;
        init => field = InputSettings.CheckedSize(value);
    }

    /// <summary>
    /// The mean that the file subtracts, of pixels 0 to 1: one number for each channel, or one for all. Null (default): what its card says, else the data's.
    /// </summary>
    public IReadOnlyList<double>? Mean
    {
        get;
        init => field = InputSettings.CheckedMean(value);
    }

    /// <summary>
    /// The deviation that the file divides by, of pixels 0 to 1: one number for each channel, or one for all. Null (default): what its card says, else the data's.
    /// </summary>
    public IReadOnlyList<double>? Std
    {
        get;
        init => field = InputSettings.CheckedStd(value);
    }

    /// <summary>What is said about the file's pictures.</summary>
    internal InputSettings Input => new(Size, Mean, Std);
}
