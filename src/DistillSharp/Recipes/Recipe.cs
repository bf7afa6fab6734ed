using DistillSharp.Execution;
using DistillSharp.Plugins;
using DistillSharp.Training;

namespace DistillSharp.Recipes;

/// <summary>A whole run: data, teacher, student, how both are trained and how the student is distilled. Read from YAML or written in C#.</summary>
public sealed record Recipe
{
    /// <summary>The run's name: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>; it names the run's folder. Default <c>run</c>.</summary>
    public string Name
    {
        get;
        init => field = value.Length is > 0 and <= 100 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && value.Trim('.').Length > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Name), value, "A name is 1 to 100 letters, digits, '-', '_' and '.'.");
    } = "run";

    /// <summary>The first seed. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>The number of seeds: the run is repeated with <c>seed</c>, <c>seed + 1</c>, … Default 1.</summary>
    public int Seeds
    {
        get;
        init => field = value is >= 1 and <= 1000 ? value : throw new ArgumentOutOfRangeException(nameof(Seeds), value, "The number of seeds must be from 1 to 1000.");
    } = 1;

    /// <summary>The device that trains: <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>. Default <c>cpu</c>.</summary>
    public string Device
    {
        get;
        init => field = TrainingDevice.IsName(value) ? value : throw new ArgumentOutOfRangeException(nameof(Device), value, $"There is no device named '{value}': it is cpu, cuda or cuda:1.");
    } = "cpu";

    /// <summary>The threads of libtorch and of ONNX Runtime, 0 (default) for one a core.</summary>
    public int Threads
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Threads), value, "The number of threads must be 0 (one a core) or more.");
    }

    /// <summary>Which data is used, and how it is split.</summary>
    public required DataSettings Data { get; init; }

    /// <summary>The teacher. Default none: the student is trained alone.</summary>
    public TeacherSettings Teacher { get; init; } = new();

    /// <summary>The student: a model whose weights are drawn, or a file to train on from.</summary>
    public required StudentSettings Student { get; init; }

    /// <summary>How the student is trained: the control and the distilled one alike, unless the control has settings of its own.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Whether the control is trained: the same student, seed and budget without the teacher. Default yes; without it nothing can be said about the gain.</summary>
    public bool Control { get; init; } = true;

    /// <summary>The control's epochs, 0 (default) for the distilled student's. A teacher makes a step slower: more epochs give the control at least the same time.</summary>
    public int ControlEpochs
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(ControlEpochs), value, "The control's epochs must be 0 (as many as the distilled student's) or more.");
    }

    /// <summary>
    /// How the control is trained, chosen to favour it, where what suits the soft labels does not suit the hard ones. Null (default) for
    /// <see cref="Training"/>. The report lists what differs.
    /// </summary>
    public TrainingOptions? ControlTraining { get; init; }

    /// <summary>Assemblies with plug-ins of your own: losses, models, data sets, by file. In a recipe file a path is relative to the file's folder. Their code runs: name only what you trust. Default none.</summary>
    public IReadOnlyList<string> Plugins { get; init; } = [];

    /// <summary>Further teachers beside the first. Null (default) for one teacher.</summary>
    public EnsembleSettings? Ensemble { get; init; }

    /// <summary>Models between teacher and student, the largest first: each is distilled by the one before, with the student's losses, and the last teaches the student. Default none.</summary>
    public IReadOnlyList<AssistantSettings> Assistants { get; init; } = [];

    /// <summary>How often the student is distilled, each time by itself of the time before: born-again networks (Furlanello et al., arXiv:1805.04770). Default 1.</summary>
    public int Generations
    {
        get;
        init => field = value is >= 1 and <= 100 ? value : throw new ArgumentOutOfRangeException(nameof(Generations), value, "The number of generations must be from 1 to 100.");
    } = 1;

    /// <summary>Students that learn at the same time and teach each other, instead of a teacher. Null (default) for none.</summary>
    public MutualSettings? Mutual { get; init; }

    /// <summary>The student's own moving average as its teacher, instead of another. Null (default) for none.</summary>
    public SelfTeacherSettings? SelfTeacher { get; init; }

    /// <summary>What the student learns from the teacher.</summary>
    public DistillationSettings Distillation { get; init; } = new();

    /// <summary>How the finished student is made INT8, as a variant of its own. Null (default) for not at all.</summary>
    public QuantizationSettings? Quantization { get; init; }

    /// <summary>What is measured at the end.</summary>
    public EvaluationSettings Evaluation { get; init; } = new();

    /// <summary>Whether the student learns from more than hard labels: from a teacher, from peers, from itself, or by losses that need no teacher.</summary>
    /// <param name="plugins">Where losses are found.</param>
    internal bool IsDistilled(PluginCatalogs plugins) => Teacher.Exists || Mutual is not null || SelfTeacher is not null
        || Distillation.Losses.Select(plugins.Losses.Create).All(loss => !loss.Needs.Teacher);

    /// <summary>How a teacher is trained: in its own way, else like the student for enough steps.</summary>
    internal TrainingOptions ResolvedTeacherTraining => Teacher.Training ?? (Training.MinSteps is null ? Training with { MinSteps = TrainingOptions.TeacherSteps } : Training);

    /// <summary>What the control is trained with, once <see cref="ControlTraining"/> and <see cref="ControlEpochs"/> are resolved.</summary>
    internal TrainingOptions ResolvedControlTraining => ControlTraining ?? (ControlEpochs > 0 ? Training with { Epochs = ControlEpochs } : Training);
}
