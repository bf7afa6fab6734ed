using System.Globalization;
using System.Security.Cryptography;
using DistillSharp.Graph;
using DistillSharp.Tasks;

namespace DistillSharp.Weights.Import;

/// <summary>The card of an imported model: its classes, and where its weights are from.</summary>
internal static class ImportCard
{
    /// <summary>Where a checkpoint's weights are from: the file, its hash, and what it says of its making and its licence.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="model">The model's name.</param>
    public static Dictionary<string, string> Provenance(Checkpoint checkpoint, string model)
    {
        using var file = File.OpenRead(checkpoint.Path);
        var provenance = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["model"] = model,
            ["source"] = Path.GetFileName(checkpoint.Path),
            ["source.sha256"] = Convert.ToHexStringLower(SHA256.HashData(file)),
        };
        foreach (var (key, value) in new[] { ("source.version", checkpoint.Metadata.Version), ("source.date", checkpoint.Metadata.Date), ("license", checkpoint.Metadata.License) })
        {
            if (!string.IsNullOrEmpty(value))
            {
                provenance[key] = value;
            }
        }

        return provenance;
    }

    /// <summary>The names of classes: those given, else the checkpoint's, else numbered ones.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="given">The names given; null for none.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="notes">Where it is told that names are made up.</param>
    /// <exception cref="GraphException">There are other than that many.</exception>
    public static IReadOnlyList<string> Names(Checkpoint checkpoint, IReadOnlyList<string>? given, int classes, List<string> notes)
    {
        if (given is not null)
        {
            return given.Count == classes ? given
                : throw new GraphException($"There are {given.Count} class names, but the model tells {classes} classes apart. For a new head that tells {given.Count}, ask for --classes {given.Count}; its weights are drawn and must be trained.");
        }

        if (checkpoint.Metadata.Names is { } names && names.Count == classes && Enumerable.Range(0, classes).All(names.ContainsKey))
        {
            return [.. Enumerable.Range(0, classes).Select(i => names[i])];
        }

        notes.Add("The classes' names are not known; they are numbered. Give them with --names.");
        return [.. Enumerable.Range(0, classes).Select(i => string.Create(CultureInfo.InvariantCulture, $"class-{i}"))];
    }

    /// <summary>Writes a card into a model.</summary>
    public static void Write(ModelGraph graph, ModelCard card)
    {
        foreach (var (key, value) in card.ToMetadata())
        {
            graph.Metadata[key] = value;
        }
    }
}
