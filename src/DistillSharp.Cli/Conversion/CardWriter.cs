using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Cli.Conversion;

/// <summary>Writes the card of a converted model: what was said, else what it said before; it goes where it would no longer be true.</summary>
internal static class CardWriter
{
    private const string Prefix = "distillsharp.", DetectTask = "detect", ClassificationTask = "classification";
    private const int MostNames = 1_000_000;

    /// <summary>A detector without a card takes pixels of 0 to 1 as they are.</summary>
    private static readonly float[] s_zero = [0], s_one = [1];

    /// <summary>Sets or removes the card.</summary>
    /// <param name="graph">The converted model; its metadata is changed.</param>
    /// <param name="plan">What was done to it.</param>
    /// <param name="names">A file of class names, one a line; null for the card's.</param>
    /// <param name="said">What was said about the pictures.</param>
    /// <returns>What was done, in a sentence; null for nothing.</returns>
    /// <exception cref="ArgumentException">What was said makes no card.</exception>
    public static string? Write(ModelGraph graph, ConversionPlan plan, string? names, (IReadOnlyList<int>? Size, IReadOnlyList<double>? Mean, IReadOnlyList<double>? Std) said)
    {
        var old = Of(graph);
        if (plan.Preprocessing is { } embedded)
        {
            if (old is null && names is null)
            {
                return null;
            }

            if (embedded.Bytes || embedded.ChannelsLast || embedded.Range255)
            {
                Remove(graph);
                return "The card is taken out: it tells pictures of floats 0 to 1, [C, H, W], which is not what the model takes now.";
            }

            said = (said.Size, [.. embedded.Mean.Select(_ => 0.0)], [.. embedded.Mean.Select(_ => 1.0)]);
        }
        else if (plan.Cuts && old is not null && names is null)
        {
            Remove(graph);
            return "The card is taken out: it tells of the whole model, not of the part that was cut out.";
        }
        else if (names is null && said is (null, null, null))
        {
            return null;
        }

        string[] classes = names is not null ? Read(names) : old is not null ? [.. old.ClassNames] : throw new ArgumentException("A card needs the classes' names: give them with --names FILE, one a line.");
        var answer = CardAnswer.Of(graph);
        bool detector = answer.IsDetector || (old is { IsDetector: true } && !plan.Cuts);
        answer.Require(detector, classes.Length, old?.ClassNames.Count);
        var card = new ModelCard(detector ? DetectTask : old is { IsDetector: false } ? old.Task : ClassificationTask, classes, InputOf(graph, old, said, detector))
        {
            Stride = detector ? old?.Stride ?? ModelCard.DefaultStride : null,
            Provenance = old?.Provenance ?? new Dictionary<string, string>(),
        };
        foreach (var (key, value) in card.ToMetadata())
        {
            graph.Metadata[key] = value;
        }

        // What other tools read must not contradict the card.
        foreach (var (key, value) in card.ToUltralyticsMetadata().Where(pair => pair.Key is "task" or "names" or "stride" or "imgsz" && graph.Metadata.ContainsKey(pair.Key)))
        {
            graph.Metadata[key] = value;
        }

        return string.Create(CultureInfo.InvariantCulture, $"The card tells {classes.Length} classes.");
    }

    /// <summary>The card of a model; null where it has none.</summary>
    public static ModelCard? Of(ModelGraph graph) => ModelCard.FromMetadata(new Dictionary<string, string>(graph.Metadata));

    private static ImageInput InputOf(ModelGraph graph, ModelCard? old, (IReadOnlyList<int>? Size, IReadOnlyList<double>? Mean, IReadOnlyList<double>? Std) said, bool detector)
    {
        var shape = graph.Inputs is [{ Shape: { Count: 4 } four }] ? four : throw new ArgumentException("A card tells of pictures, but the model does not take one input of [N, C, H, W].");
        int channels = (int?)shape[1].Size ?? old?.Input.Channels ?? said.Mean?.Count ?? throw new ArgumentException("The number of channels is free in the file; say it by a --mean of one number a channel.");
        int height = Side(shape[2], said.Size?[0], old?.Input.Height), width = Side(shape[3], said.Size?[^1], old?.Input.Width);
        return new(channels, height, width, Spread("--mean", said.Mean, old?.Input.Mean ?? (detector ? s_zero : null), channels), Spread("--std", said.Std, old?.Input.Deviation ?? (detector ? s_one : null), channels));
    }

    private static int Side(Dimension declared, int? said, int? old) =>
        said is { } side && declared.Size is { } size && size != side ? throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"--size says {side}, but the file takes {size}."))
        : said ?? (int?)declared.Size ?? old ?? throw new ArgumentException("The pictures' size is free in the file; say it with --size HxW.");

    private static float[] Spread(string option, IReadOnlyList<double>? said, IReadOnlyList<float>? old, int channels)
    {
        float[] values = [.. said?.Select(value => (float)value) ?? old ?? throw new ArgumentException($"A card needs {option}: one number for each channel, of pixels 0 to 1.")];
        return values.Length == channels ? values
            : values.Length == 1 ? [.. Enumerable.Repeat(values[0], channels)]
            : throw new ArgumentException($"{option} has {values.Length} numbers, but the model takes {channels} channels.");
    }

    /// <summary>Class names out of a file, one a line.</summary>
    public static string[] Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The file of class names '{path}' does not exist.");
        }

        string[] lines = [.. File.ReadLines(path).Take(MostNames).Select(line => line.Trim()).Where(line => line.Length > 0)];
        return lines.Length > 0 ? lines : throw new ArgumentException($"'{path}' names no class; one a line is expected.");
    }

    private static void Remove(ModelGraph graph)
    {
        foreach (string key in graph.Metadata.Keys.Where(key => key.StartsWith(Prefix, StringComparison.Ordinal)).ToList())
        {
            graph.Metadata.Remove(key);
        }
    }
}
