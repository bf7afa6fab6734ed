using DistillSharp.Detection.Distillation;
using DistillSharp.Detection.Training;
using DistillSharp.Recipes;

namespace DistillSharp.Detection;

/// <summary>What a detector's run is: trained alone, or, with a teacher, distilled beside its control. The settings that <c>recipe.yaml</c> in its folder holds, and that it is resumed with.</summary>
public sealed record DetectionRecipe
{
    /// <summary>The run's name.</summary>
    public string Name { get; init; } = "train";

    /// <summary>The model trained: a key of the zoo, or a file. With a teacher it is the student.</summary>
    public required DetectorChoice Model { get; init; }

    /// <summary>The data: a data.yaml, a COCO json, a VOC folder, or the name of a known set.</summary>
    public required string Data { get; init; }

    /// <summary>What teaches it: a file, a key of the zoo that is trained first, or several, whose boxes are merged. Empty (default): it is trained alone.</summary>
    public IReadOnlyList<DetectionTeacherSettings> Teacher { get; init; } = [];

    /// <summary>What it learns from the teacher.</summary>
    public DetectionDistillationSettings Distillation { get; init; } = new();

    /// <summary>Pictures without labels that the teacher labels; null (default) for none.</summary>
    public UnlabelledSettings? Unlabelled { get; init; }

    /// <summary>Whether the same model is trained alone too, with the same budget: what tells the teacher's part in the result. Default yes.</summary>
    public bool Control { get; init; } = true;

    /// <summary>How the student is made INT8 at the end; null (default) not at all.</summary>
    public QuantizationSettings? Quantization { get; init; }

    /// <summary>How many students are distilled, each with its control from a seed of its own, 1 to 100; the gain is told with its spread. Default 1.</summary>
    public int Seeds
    {
        get;
        init => field = value is >= 1 and <= 100 ? value : throw new ArgumentOutOfRangeException(nameof(Seeds), value, "The number of seeds must be from 1 to 100; 3 to 5 tell a spread.");
    } = 1;

    /// <summary>
    /// Into how many parts the training pictures are cut for cross-validation, 2 to 100: each part once is what is reported, and teacher, control and student learn from the others. Null
    /// (default): the set's own split.
    /// </summary>
    public int? Folds
    {
        get;
        init => field = value is null or (>= 2 and <= 100) ? value : throw new ArgumentOutOfRangeException(nameof(Folds), value, "The number of folds must be from 2 to 100; 4 to 10 in practice.");
    }

    /// <summary>The names of the data's classes that are told apart; boxes of others are left out. Empty (default) for all. [classes]</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>The share of the training pictures that is used, drawn by the seed, above 0 up to 1. Default 1. [fraction]</summary>
    public double Fraction
    {
        get;
        init => field = value is > 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Fraction), value, "The share of the training pictures must be above 0 and at most 1.");
    } = 1;

    /// <summary>What is measured at the end.</summary>
    public EvaluationSettings Evaluation { get; init; } = new();

    /// <summary>The folder looked in first for data that is named and not pathed, or null.</summary>
    public string? DataRoot { get; init; }

    /// <summary>The seed of fresh weights, order and augmentation. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Where to train: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>. Default cpu.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Threads of libtorch and ONNX Runtime, 0 for one a core. Default 0.</summary>
    public int Threads
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Threads), value, "The number of threads must be 0 (one a core) or more.");
    }

    /// <summary>Threads that decode and augment ahead, 0 (none beside the trainer's) or more. Default 1.</summary>
    public int Workers
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Workers), value, "The number of workers must be 0 or more.");
    } = 1;

    /// <summary>Whether pictures that cannot be read are left out instead of stopping the run. Default false.</summary>
    public bool SkipBad { get; init; }

    /// <summary>Whether a file is such a recipe: it names one <c>model</c> to train, and no student. A file with mistakes is none.</summary>
    /// <param name="path">The YAML file.</param>
    public static bool Is(string path) => RecipeReader.HasKey(path, "model");

    /// <summary>Whether it has a teacher.</summary>
    public bool IsDistilled => Teacher.Count > 0;

    /// <summary>Reads a recipe file.</summary>
    /// <param name="path">The YAML file.</param>
    /// <param name="changes">Changes of the form <c>training.epochs=5</c>, applied in order.</param>
    /// <exception cref="RecipeException">It has mistakes; all are named, with line and column.</exception>
    public static DetectionRecipe Load(string path, params IReadOnlyList<string> changes) => RecipeReader.LoadPart<DetectionRecipe>(path, changes, root => DetectionPaths.Anchor(root, Path.GetDirectoryName(Path.GetFullPath(path))!));

    /// <summary>Reads a recipe from settings of the form <c>training.epochs=5</c>.</summary>
    /// <param name="settings">The settings; <c>model</c> and <c>data</c> must be among them.</param>
    /// <exception cref="RecipeException">Some are unknown, of the wrong type or out of range; all are named.</exception>
    public static DetectionRecipe Of(params IReadOnlyList<string> settings) => RecipeReader.ParsePart<DetectionRecipe>("{}", "settings", settings);

    /// <summary>The recipe as YAML, every setting written out: what is written runs again and gives the same.</summary>
    public string ToYaml() => RecipeWriter.WritePart(this, null);

    /// <summary>How it is trained.</summary>
    public DetectionTrainingOptions Training { get; init; } = new();
}
