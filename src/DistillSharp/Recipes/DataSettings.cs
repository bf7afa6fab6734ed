using DistillSharp.Plugins;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Recipes;

/// <summary>Which data a run uses, and how it is split.</summary>
public sealed record DataSettings
{
    /// <summary>The data set's key, with options: <c>mnist</c>, <c>glyphs: {train: 3000}</c>.</summary>
    public required PluginChoice<DatasetFormat> Set { get; init; }

    /// <summary>
    /// The folder looked in first; null for <c>$DISTILLSHARP_DATA</c> and the user's cache. In a recipe file it is relative to the
    /// file's folder, else to the current directory.
    /// </summary>
    public string? Root
    {
        get;
        init => field = RecipePaths.Checked(value);
    }

    /// <summary>Whether an absent set is downloaded. Default yes.</summary>
    public bool Download { get; init; } = true;

    /// <summary>The share of the training data held out to choose the best epoch and tuned biases, above 0 and below 0.9. Default 0.1. The test set chooses nothing.</summary>
    public double Validation
    {
        get;
        init => field = value is > 0 and < 0.9 ? value : throw new ArgumentOutOfRangeException(nameof(Validation), value, "The held-out share must be above 0 and below 0.9; 0.1 in practice.");
    } = 0.1;

    /// <summary>The seed of the split into training and held-out samples. Null (default) for the run's own seed: then every seed holds out others.</summary>
    public long? SplitSeed { get; init; }

    /// <summary>Classes (0-based) left out of the student's training data, the transfer set; the teacher still sees them. Default none.</summary>
    public IReadOnlyList<int> Omit
    {
        get;
        init => field = value.All(label => label >= 0) ? value : throw new ArgumentOutOfRangeException(nameof(Omit), $"[{string.Join(", ", value)}]", "Classes are numbers of 0 or more.");
    } = [];

    /// <summary>
    /// A folder of pictures without labels that the student learns from instead of the training data, by the teacher alone: the hard labels' weight must be 0. In a
    /// recipe file the path is relative to the file's folder. Null (default) for the training data.
    /// </summary>
    public string? Unlabelled
    {
        get;
        init => field = RecipePaths.Checked(value);
    }

    /// <summary>
    /// The number of training images that keep their labels for the student and its control, 1 or more; they are drawn by the seed, each class in proportion, and
    /// <see cref="Validation"/> of them chooses the epoch. The teacher sees every label. Null (default): the student sees every label too.
    /// </summary>
    public int? Labels
    {
        get;
        init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Labels), value, "The number of labels must be 1 or more, or none to keep all.");
    }

    /// <summary>What becomes of the training images that keep no label. Default <c>unlabeled</c>.</summary>
    public RestUse Rest { get; init; }

    /// <summary>Whether undecodable pictures are skipped; they are named and counted. Default no: they stop the run.</summary>
    public bool SkipBad { get; init; }

    /// <summary>Threads that decode and augment ahead, 0 for none. Default 1.</summary>
    public int Workers
    {
        get;
        init => field = value is >= 0 and <= 256 ? value : throw new ArgumentOutOfRangeException(nameof(Workers), value, "The number of workers must be from 0 to 256.");
    } = 1;
}

/// <summary>What becomes of training images whose labels <see cref="DataSettings.Labels"/> takes away.</summary>
public enum RestUse
{
    /// <summary>The student learns from them by the teacher alone.</summary>
    Unlabeled,

    /// <summary>Only the teacher sees them.</summary>
    Unused,
}
