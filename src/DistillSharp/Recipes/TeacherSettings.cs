using DistillSharp.Training;

namespace DistillSharp.Recipes;

/// <summary>The teacher: a model that is trained first, or a finished file.</summary>
public sealed record TeacherSettings
{
    /// <summary>The model to train, with options; null where <see cref="Weights"/> is a finished file.</summary>
    public ModelChoice? Model { get; init; }

    /// <summary>
    /// A finished teacher: any ONNX classifier. It is not trained. Null to train <see cref="Model"/>. In a recipe file the path is
    /// relative to the file's folder, else to the current directory.
    /// </summary>
    public string? Weights
    {
        get;
        init => field = RecipePaths.Checked(value);
    }

    /// <summary>
    /// The height and width of the pictures that the file wants, or one number for both, 1 to 4096 pixels. Null (default): what the file or its card says.
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

    /// <summary>Whether there is a teacher at all; without one the student is trained alone.</summary>
    public bool Exists => Model is not null || Weights is not null;

    /// <summary>How the teacher is trained. Null (default): like the student, but for at least <see cref="TrainingOptions.TeacherSteps"/> steps, unless <see cref="TrainingOptions.MinSteps"/> says otherwise.</summary>
    public TrainingOptions? Training { get; init; }

    /// <summary>The least share of held-out samples the teacher must get right, 0 to 1. Default 0: only chance is refused.</summary>
    public double Floor
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Floor), value, "The floor is a share from 0 to 1.");
    }

    /// <summary>Whether a teacher below its floor, or no better than chance, may teach all the same. Default no.</summary>
    public bool AllowWeak { get; init; }
}
