using System.Globalization;
using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Analysis.Roles;
using DistillSharp.Graph.Passes;
using DistillSharp.Reports;
using DistillSharp.Runtime.Comparison;
using DistillSharp.Tasks;
using DistillSharp.Trainability;

namespace DistillSharp.Cli.Views;

/// <summary>Prints what a model file holds.</summary>
internal static class InfoView
{
    private const int MostNamed = 10;

    public static void Print(string path, PassResult read, TrialOptions trial, TrainabilityProof? proof, bool weights)
    {
        var graph = read.Graph;
        var statistics = ModelStatistics.Of(graph);
        Line("model", $"{graph.Name} (opset {graph.Opset}, {ReportTable.Size(new FileInfo(path).Length)})");
        foreach (var input in graph.Inputs)
        {
            Line("input", input.ToString());
        }

        foreach (var output in graph.Outputs)
        {
            Line("output", output.ToString());
        }

        Line("parameters", string.Create(
            CultureInfo.InvariantCulture,
            $"{statistics.Parameters:#,0} {(statistics.Quantized > 0 ? $"({statistics.Quantized:#,0} of them quantized)" : "trainable")} in {statistics.ParameterTensors} tensors, {statistics.Frozen:#,0} frozen"));
        Line("MACs", statistics.Macs?.ToString("#,0", CultureInfo.InvariantCulture) ?? MacsAt(graph, trial) ?? "unknown: a size is free");
        Line("operators", string.Join(", ", statistics.Operators.Select(pair => $"{pair.Key} {pair.Value}")));
        Types(graph);
        var roles = ParameterRoles.Of(graph);
        Frozen(graph, roles);
        Proof(graph, proof);
        Card(graph);
        foreach (var changes in read.Changes.Where(changes => changes.Total > 0))
        {
            Line("on import", changes.ToString());
        }

        foreach (var advice in PassAdvice.For(graph))
        {
            Line("could do", $"--pass {advice.Key}: {advice.Summary} ({advice.Benefit})");
        }

        foreach (var initializer in weights ? graph.Initializers : [])
        {
            var gradient = proof?.Weights.FirstOrDefault(weight => weight.Name == initializer.Name);
            Line(initializer.Trainable ? "trainable" : "frozen", $"{initializer}: {roles.Find(initializer.Name)!.Reason}{(gradient is null ? "" : $"; {Word(gradient.State)}")}");
        }
    }

    /// <summary>The multiply-accumulates of one input of the size that the card or the command line tells; null where neither does.</summary>
    private static string? MacsAt(ModelGraph graph, TrialOptions trial)
    {
        try
        {
            var shapes = TrialInputs.Shapes(graph, trial with { Batch = 1 });
            var sizes = graph.Inputs.SelectMany(input => (input.Shape ?? []).Select((size, axis) => (Name: size.Size is null ? size.ToString() : "", Size: shapes[input.Name][axis])))
                .Where(pair => pair.Name.Length > 0).DistinctBy(pair => pair.Name).ToDictionary(pair => pair.Name, pair => pair.Size, StringComparer.Ordinal);
            return ModelStatistics.Of(new FixedSizePass(sizes).Apply(graph).Graph).Macs is { } macs
                ? string.Create(CultureInfo.InvariantCulture, $"{macs:#,0} for {string.Join(", ", graph.Inputs.Select(input => $"'{input.Name}' [{string.Join(", ", shapes[input.Name])}]"))}")
                : null;
        }
        catch (GraphException)
        {
            return null;
        }
    }

    private static void Types(ModelGraph graph)
    {
        var types = graph.Initializers.Where(initializer => initializer.Trainable).GroupBy(initializer => initializer.Data.Type).ToList();
        if (types.Any(group => group.Key != ElementType.Float32))
        {
            Line("weights", $"{string.Join(", ", types.Select(group => $"{group.Count()} {group.Key}"))}; all are trained as Float32");
        }

        int shared = graph.Initializers.Count(initializer => initializer.Trainable && graph.Nodes.Sum(node => node.Inputs.Count(name => name == initializer.Name)) > 1);
        if (shared > 0)
        {
            Line("shared", $"{shared} trainable weights are read more than once and are one parameter each (separate them: --pass untie)");
        }
    }

    /// <summary>What training leaves as it is, and why: each tensor that could be taken for a weight, and the rest by number.</summary>
    private static void Frozen(ModelGraph graph, ParameterRoles roles)
    {
        var frozen = roles.All.Where(parameter => !parameter.Trains).ToList();
        var notable = frozen.FindAll(parameter => parameter.IsNotable);
        foreach (var parameter in notable.Take(MostNamed))
        {
            Line("frozen", $"'{parameter.Name}' [{string.Join(", ", graph.FindInitializer(parameter.Name)!.Data.Shape)}]: {parameter.Reason}");
        }

        if (notable.Count > MostNamed)
        {
            Line("", $"and {notable.Count - MostNamed} more (--weights lists all)");
        }

        int statistics = frozen.Count(parameter => parameter.Role == ParameterRole.Statistic), others = frozen.Count - notable.Count - statistics;
        if (statistics + others > 0)
        {
            string[] rest = [.. statistics > 0 ? [$"running statistics: {statistics}"] : Array.Empty<string>(), .. others > 0 ? [$"sizes, indices and single numbers: {others}"] : Array.Empty<string>()];
            Line(notable.Count > 0 ? "" : "frozen", string.Join("; ", rest));
        }
    }

    private static void Proof(ModelGraph graph, TrainabilityProof? proof)
    {
        string[] uncovered = [.. graph.Nodes.Select(node => node.Domain is "" or "ai.onnx" ? node.Operation : $"{node.Domain}.{node.Operation}").Except(OperatorTable.Covered).Order(StringComparer.Ordinal)];
        if (proof is null)
        {
            Line("trains here", uncovered.Length == 0 ? "not tried (--no-proof); every operator is covered" : $"no: {string.Join(", ", uncovered)} not covered");
            return;
        }

        string verdict = proof.Verdict switch
        {
            TrainabilityVerdict.Proved => "yes, proved",
            TrainabilityVerdict.Partly => "partly",
            TrainabilityVerdict.Refused => "no",
            _ => "not proved",
        };
        Line("trains here", $"{verdict}: {(uncovered.Length > 1 && proof.Verdict == TrainabilityVerdict.Refused && proof.Weights.Count == 0 ? $"{string.Join(", ", uncovered)} not covered. First, " : "")}{proof.Reason}");
        var left = proof.Weights.Where(weight => weight.State != GradientState.Present).ToList();
        foreach (var weight in left.Take(MostNamed))
        {
            Line("", weight.ToString());
        }

        if (left.Count > MostNamed)
        {
            Line("", $"and {left.Count - MostNamed} more (--weights lists all)");
        }
    }

    private static void Card(ModelGraph graph)
    {
        if (ModelCard.FromMetadata(new Dictionary<string, string>(graph.Metadata)) is not { } card)
        {
            Line("card", "none");
            return;
        }

        Line("task", $"{card.Task}: {string.Join(", ", card.ClassNames.Take(12))}{(card.ClassNames.Count > 12 ? $", … ({card.ClassNames.Count})" : "")}");
        Line("pictures", string.Create(CultureInfo.InvariantCulture, $"{card.Input.Channels}x{card.Input.Height}x{card.Input.Width}, mean {string.Join("/", card.Input.Mean)}, std {string.Join("/", card.Input.Deviation)}"));
        foreach (var (key, value) in card.Provenance)
        {
            Line(key, value);
        }
    }

    private static string Word(GradientState state) => state switch
    {
        GradientState.Present => "gradient present and finite",
        GradientState.ZeroForNow => "connected, gradient 0 for now",
        GradientState.Absent => "no gradient",
        GradientState.NotFinite => "gradient not finite",
        _ => "not read",
    };

    private static void Line(string name, string value) => Console.Out.WriteLine($"{name,-11} {value}");
}
