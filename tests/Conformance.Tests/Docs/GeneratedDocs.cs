using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DistillSharp.Execution;
using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Zoo;
using DistillSharp.Losses;
using DistillSharp.Plugins;

namespace Conformance.Tests.Docs;

/// <summary>Writes the pages of docs/ that follow from the catalogues and from the code's own documentation.</summary>
internal static partial class GeneratedDocs
{
    private const string Note = "<!-- Written by eng/docs.sh from the code; a test fails when it is stale. -->\n\n";

    public static string Models()
    {
        var page = new StringBuilder("# Models\n\n" + Note + "Sizes are for 10 classes and pictures of 3x32x32, those of detectors for 80 classes and 3x640x640; classes, channels and size follow the data. MACs are multiply-accumulates of one picture.\n\n"
            + "| key | what | parameters | MACs |\n| --- | --- | ---: | ---: |\n");
        foreach (var model in PluginCatalogs.BuiltIn.Models.All)
        {
            var options = (ModelOptions)Activator.CreateInstance(model.OptionsType)!;
            var graph = PluginCatalogs.BuiltIn.Models.Build(model.Key, options);
            var free = graph.Inputs[0].Shape!.Select(size => size.Symbol).OfType<string>().ToDictionary(name => name, name => name switch { "height" => options.Height, "width" => options.Width, _ => 1L }, StringComparer.Ordinal);
            var statistics = ModelStatistics.Of(new FixedSizePass(free).Apply(graph).Graph);
            page.Append(CultureInfo.InvariantCulture, $"| `{model.Key}` | {model.Summary} | {statistics.Parameters:#,0} | {statistics.Macs:#,0} |\n");
        }

        page.Append("\n## Families: structure and initialisation\n");
        var families = typeof(ModelAttribute).Assembly.GetExportedTypes()
            .Where(type => type.GetMethods().Any(method => method.GetCustomAttribute<ModelAttribute>() is not null));
        foreach (var family in families.OrderBy(type => type.Name, StringComparer.Ordinal))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n### {family.Name}\n\n{SummaryOf($"T:{family.FullName}", family)}\n");
            foreach (var factory in family.GetMethods().Where(method => method.GetCustomAttribute<ModelAttribute>() is not null))
            {
                string options = factory.GetParameters()[0].ParameterType.FullName!;
                string more = SummaryOf($"M:{factory.DeclaringType!.FullName}.{factory.Name}({options})", family);
                page.Append(CultureInfo.InvariantCulture, $"\n- `{factory.GetCustomAttribute<ModelAttribute>()!.Key}`: {more}");
            }

            page.Append('\n');
        }

        return page.ToString();
    }

    public static string Losses()
    {
        var page = new StringBuilder("# Losses\n\n" + Note
            + string.Create(CultureInfo.InvariantCulture, $"What a student can be asked to match: {PluginCatalogs.BuiltIn.Losses.All.Count} losses, by the key a recipe names. ")
            + "Each is held against the values and gradients of a public reference implementation in float64 (1e-9) and float32 (1e-4). In formulas s and t are the student's and the teacher's values. "
            + "How taps, adapters, weights and schemes go together is told in [distillation](distillation.md).\n\n");
        foreach (var family in PluginCatalogs.BuiltIn.Losses.All.GroupBy(loss => loss.Implementation.Namespace!.Split('.')[^1]).OrderBy(family => Array.IndexOf(s_families, family.Key)))
        {
            page.Append(CultureInfo.InvariantCulture, $"**{family.Key}**: {string.Join(", ", family.Select(loss => $"[`{loss.Key}`](#{loss.Key})"))}\n\n");
        }

        page.Append("| loss | what | needs | formula | cost of a step beside the teacher |\n| --- | --- | --- | --- | --- |\n");
        foreach (var loss in PluginCatalogs.BuiltIn.Losses.All)
        {
            var notes = loss.Implementation.GetCustomAttribute<LossNotesAttribute>()!;
            page.Append(CultureInfo.InvariantCulture, $"| [`{loss.Key}`](#{loss.Key}) | {loss.Summary} | {Needs(loss)} | {Cell(notes.Formula)} | {Cell(notes.Cost)} |\n");
        }

        foreach (var loss in PluginCatalogs.BuiltIn.Losses.All)
        {
            var notes = loss.Implementation.GetCustomAttribute<LossNotesAttribute>()!;
            page.Append(CultureInfo.InvariantCulture, $"\n## `{loss.Key}`\n\n{SummaryOf($"T:{loss.Implementation.FullName}", loss.Implementation)}\n\n");
            page.Append(CultureInfo.InvariantCulture, $"- Formula: {notes.Formula}\n- Needs: {Needs(loss)}\n- Use: {notes.Use}\n- Paper: {notes.Paper}\n- Cost: {notes.Cost}\n\n");
            Options(page, loss.OptionsType);
        }

        return page.ToString().TrimEnd() + "\n";
    }

    /// <summary>What a loss needs, in words.</summary>
    private static string Needs(Plugin loss)
    {
        using var made = PluginCatalogs.BuiltIn.Losses.Create(new(loss.Key));
        var needs = made.Needs;
        var words = new List<string>();
        foreach (var input in Enum.GetValues<LossInput>().Where(input => input is not (LossInput.None or LossInput.Logits) && needs.Uses(input)))
        {
            string word = input == LossInput.Features ? s_features[needs.Features] : s_inputs[input];
            words.Add(needs.Asks(input) ? word : $"optionally {word}");
        }

        return string.Join(", ", words);
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static readonly string[] s_families = ["Response", "Feature", "Relation", "Detection", "Text"];

    private static readonly Dictionary<LossInput, string> s_inputs = new()
    {
        [LossInput.StudentLogits] = "the student's logits",
        [LossInput.TeacherLogits] = "the teacher's logits",
        [LossInput.Labels] = "labels",
        [LossInput.Mask] = "a mask of tokens",
        [LossInput.Indices] = "the samples' positions",
        [LossInput.RowWeights] = "weights of the rows",
        [LossInput.Boxes] = "boxes",
        [LossInput.TeacherScores] = "the teacher's class logits of every cell",
        [LossInput.TeacherClassifier] = "the teacher's last layer",
        [LossInput.TeacherNorms] = "the teacher's batch normalisations",
        [LossInput.StrongView] = "a strongly augmented view",
        [LossInput.StudentMaps] = "the student's raw maps",
        [LossInput.TeacherBoxes] = "the teacher's boxes",
    };

    private static readonly Dictionary<FeatureKind, string> s_features = new()
    {
        [FeatureKind.Maps] = "maps of the stages",
        [FeatureKind.MiddleMap] = "a map of the middle",
        [FeatureKind.LastMap] = "the last map",
        [FeatureKind.PreActivations] = "maps before their activation",
        [FeatureKind.Embedding] = "the embedding before the last layer",
        [FeatureKind.MapsAndEmbedding] = "maps of the stages and the embedding",
        [FeatureKind.Tokens] = "hidden states",
        [FeatureKind.Attention] = "attention scores",
        [FeatureKind.AttentionAndTokens] = "attention scores and hidden states",
        [FeatureKind.QueryKeyValue] = "queries, keys and values",
    };

    public static string Plugins()
    {
        var all = PluginCatalogs.BuiltIn;
        var page = new StringBuilder("# Data sets, augmentations, optimisers, schedules, temperatures\n\n" + Note);
        Section(page, "Data sets", all.Datasets.All);
        Section(page, "Augmentations", all.Augmentations.All);
        Section(page, "Optimisers", all.Optimizers.All);
        Section(page, "Schedules", all.Schedules.All);
        Section(page, "Temperature schedules", all.Temperatures.All);
        return page.ToString().TrimEnd() + "\n";
    }

    public static string Operators()
    {
        var page = new StringBuilder("# Operators\n\n" + Note
            + string.Create(CultureInfo.InvariantCulture, $"The {OperatorTable.Covered.Count} ONNX operators that the executor trains, in float32 and float64, as operator sets {OnnxFile.LowestOpset} to {OnnxFile.HighestOpset} define them. ")
            + "Files of older sets are rewritten on load, where the file tells enough. "
            + "Shapes, axes and pads may be computed. Unsigned integers of 16 bits and more run widened to int64. ONNX Runtime runs every other operator, so a teacher may hold it.\n\n"
            + "| operator | |\n| --- | --- |\n");
        foreach (string name in OperatorTable.Covered)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {name} | {OperatorTable.NoteOf(name)} |\n");
        }

        return page.ToString();
    }

    private static void Section(StringBuilder page, string title, IEnumerable<Plugin> plugins)
    {
        page.Append(CultureInfo.InvariantCulture, $"## {title}\n\n");
        foreach (var plugin in plugins)
        {
            page.Append(CultureInfo.InvariantCulture, $"### `{plugin.Key}`\n\n{SummaryOf($"T:{plugin.Implementation.FullName}", plugin.Implementation)}\n\n");
            Options(page, plugin.OptionsType);
        }
    }

    private static void Options(StringBuilder page, Type? options)
    {
        if (options is null)
        {
            return;
        }

        page.Append("| option | meaning |\n| --- | --- |\n");
        foreach (var property in options.GetProperties().Where(property => property.SetMethod is { IsPublic: true }).OrderBy(property => property.Name, StringComparer.Ordinal))
        {
            string key = Kebab().Replace(property.Name, "-$1").TrimStart('-').ToLowerInvariant();
            page.Append(CultureInfo.InvariantCulture, $"| `{key}` | {SummaryOf($"P:{property.DeclaringType!.FullName}.{property.Name}", property.DeclaringType!)} |\n");
        }

        page.Append('\n');
    }

    private static string SummaryOf(string member, Type type)
    {
        var document = XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml"));
        var summary = document.Descendants("member").FirstOrDefault(one => (string?)one.Attribute("name") == member)?.Element("summary")
            ?? throw new InvalidOperationException($"{member} has no summary.");
        string text = string.Concat(summary.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement { Name.LocalName: "see" } see => $"`{((string?)see.Attribute("cref"))?.Split('.')[^1]}`",
            XElement other => other.Value,
            _ => node.ToString(),
        }));
        return Blank().Replace(System.Net.WebUtility.HtmlDecode(text), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"([A-Z])")]
    private static partial Regex Kebab();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
