using DistillSharp.Detection.Training;
using DistillSharp.Recipes;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Detection;

namespace DistillSharp.Detection.Distillation;

/// <summary>A teacher of a detector: a finished file of any family, or a model of the zoo that is trained first.</summary>
public sealed record DetectionTeacherSettings
{
    /// <summary>A YOLO11 checkpoint (<c>.pt</c>), any ONNX detector with boxes and scores, or a key of the zoo to train first.</summary>
    public required DetectorChoice Model { get; init; }

    /// <summary>How a teacher of the zoo is trained; null for the student's way.</summary>
    public DetectionTrainingOptions? Training { get; init; }

    /// <summary>A file's class names in its own order; empty for what its card says.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Classes that the teacher calls otherwise, as <c>data name=teacher name</c>. Names are matched by themselves, whatever their order, case and dashes. Default none.</summary>
    public IReadOnlyList<string> Classes
    {
        get;
        init => field = value.FirstOrDefault(pair => pair.Split('=') is not [{ Length: > 0 }, { Length: > 0 }]) is { } wrong
            ? throw new ArgumentOutOfRangeException(nameof(Classes), wrong, $"'{wrong}' is no pair of class names: write 'data name=teacher name'.")
            : value;
    } = [];

    /// <summary>Whether the data may have classes that the teacher does not know: it then says nothing of them. Default no.</summary>
    public bool AllowUnmapped { get; init; }

    /// <summary>The side of the square that a file wants pictures in, 32 to 8192; null for what the file fixes, else the student's.</summary>
    public int? ImageSize
    {
        get;
        init => field = value is null or (>= 32 and <= 8192) ? value : throw new ArgumentOutOfRangeException(nameof(ImageSize), value, "The side of a teacher's pictures must be from 32 to 8192.");
    }

    /// <summary>The mean that is subtracted from pixels of 0 to 1, one number or one a channel; null for what the card says, else 0.</summary>
    public IReadOnlyList<double>? Mean
    {
        get;
        init => field = InputSettings.CheckedMean(value);
    }

    /// <summary>What pixels are divided by then, one number or one a channel; null for what the card says, else 1. A file that wants pixels of 0 to 255 says 0.0039216.</summary>
    public IReadOnlyList<double>? Std
    {
        get;
        init => field = InputSettings.CheckedStd(value);
    }

    /// <summary>The output that holds boxes; null to find it.</summary>
    public string? Boxes { get; init; }

    /// <summary>The output that holds scores; null to find it.</summary>
    public string? Scores { get; init; }

    /// <summary>The output that holds classes; null to find it, or where scores tell them.</summary>
    public string? Labels { get; init; }

    /// <summary>How a box is written. Default <c>auto</c>.</summary>
    public BoxFormat BoxFormat { get; init; }

    /// <summary>What a box is measured in. Default <c>auto</c>.</summary>
    public BoxUnit BoxUnit { get; init; }

    /// <summary>What scores are. Default <c>auto</c>.</summary>
    public ScoreKind ScoreKind { get; init; }

    /// <summary>How sure a teacher must be of a box for it to teach, 0 up to 1; each box then counts as much as the teacher is sure of it. Default 0.1.</summary>
    public double Confidence
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Confidence), value, "A box's confidence must be 0 or more and below 1; 0.05 to 0.5 in practice.");
    } = 0.1;

    /// <summary>How much it counts where several teachers' boxes are merged, above 0. Default 1.</summary>
    public double Weight
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Weight), value, "A teacher's weight must be above 0; 1 counts as much as the others.");
    } = 1;

    /// <summary>The mAP50-95 (Ultralytics' variant) on the validation pictures below which it is refused, 0 to 1. Default 0.01.</summary>
    public double Floor
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Floor), value, "The least mAP50-95 of a teacher is from 0 to 1.");
    } = 0.01;

    /// <summary>Whether a teacher below <see cref="Floor"/> teaches all the same. Default no.</summary>
    public bool AllowWeak { get; init; }
}
