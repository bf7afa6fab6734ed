using DistillSharp.Detection.Training;
using DistillSharp.Recipes;

namespace DistillSharp.Detection;

/// <summary>What a detector's training run is: the settings that <c>recipe.yaml</c> in its folder holds, and that it is resumed with.</summary>
public sealed record DetectionRecipe
{
    /// <summary>The run's name.</summary>
    public string Name { get; init; } = "train";

    /// <summary>The model trained: a key of the zoo, or a file.</summary>
    public required string Model { get; init; }

    /// <summary>The data: a data.yaml, a COCO json, a VOC folder, or the name of a known set.</summary>
    public required string Data { get; init; }

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

    /// <summary>Whether a file is such a recipe: it names one <c>model</c> to train, and no student or teacher. A file with mistakes is none.</summary>
    /// <param name="path">The YAML file.</param>
    public static bool Is(string path) => RecipeReader.HasKey(path, "model");

    /// <summary>Reads a recipe file.</summary>
    /// <param name="path">The YAML file.</param>
    /// <param name="changes">Changes of the form <c>training.epochs=5</c>, applied in order.</param>
    /// <exception cref="RecipeException">It has mistakes; all are named, with line and column.</exception>
    public static DetectionRecipe Load(string path, params IReadOnlyList<string> changes) => RecipeReader.LoadPart<DetectionRecipe>(path, changes);

    /// <summary>Reads a recipe from settings of the form <c>training.epochs=5</c>.</summary>
    /// <param name="settings">The settings; <c>model</c> and <c>data</c> must be among them.</param>
    /// <exception cref="RecipeException">Some are unknown, of the wrong type or out of range; all are named.</exception>
    public static DetectionRecipe Of(params IReadOnlyList<string> settings) => RecipeReader.ParsePart<DetectionRecipe>("{}", "settings", settings);

    /// <summary>The recipe as YAML, every setting written out: what is written runs again and gives the same.</summary>
    public string ToYaml() => RecipeWriter.WritePart(this, null);

    /// <summary>How it is trained.</summary>
    public DetectionTrainingOptions Training { get; init; } = new();
}
