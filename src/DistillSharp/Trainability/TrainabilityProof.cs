using System.Globalization;
using System.Runtime.InteropServices;
using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Passes;

namespace DistillSharp.Trainability;

/// <summary>
/// Whether a model trains here, proved by doing it: one forward in training mode and one backward on a small batch, then a look at every trainable
/// weight's gradient. The model is not changed.
/// </summary>
/// <example>
/// <code>
/// var proof = TrainabilityProof.Of(ModelImport.Load("model.onnx").Graph);
/// Console.WriteLine($"{proof.Verdict}: {proof.Reason}");
/// </code>
/// </example>
public sealed class TrainabilityProof
{
    private TrainabilityProof(TrainabilityVerdict verdict, string reason) => (Verdict, Reason) = (verdict, reason);

    /// <summary>What it came to.</summary>
    public TrainabilityVerdict Verdict { get; }

    /// <summary>Why, in a sentence: what was run, what is in the way, or what to give.</summary>
    public string Reason { get; }

    /// <summary>Every trainable weight and what became of its gradient; empty where nothing was run.</summary>
    public IReadOnlyList<WeightGradient> Weights { get; private init; } = [];

    /// <summary>The shapes that the outputs had, by name; empty where nothing was run.</summary>
    public IReadOnlyDictionary<string, long[]> OutputShapes { get; private init; } = new Dictionary<string, long[]>();

    /// <summary>Tries a model.</summary>
    /// <param name="graph">The model, as <see cref="ModelImport"/> reads it; it is not changed.</param>
    /// <param name="options">What is fed, and how much the trial may cost; null for the defaults.</param>
    /// <returns>What it came to. A model that cannot be tried or trained is no error: the reason says it.</returns>
    public static TrainabilityProof Of(ModelGraph graph, TrainabilityOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        options ??= new();
        if (Obstacle(graph) is { } obstacle)
        {
            return new(TrainabilityVerdict.Refused, obstacle);
        }

        long parameters = graph.Initializers.Where(initializer => initializer.Trainable).Sum(initializer => initializer.Data.Count);
        if (parameters > options.MaxParameters)
        {
            return new(TrainabilityVerdict.NotTried, string.Create(CultureInfo.InvariantCulture, $"its {parameters:#,0} trainable parameters are more than the {options.MaxParameters:#,0} that are tried."));
        }

        Trial trial;
        try
        {
            trial = Trial.Prepare(graph, options);
        }
        catch (GraphException error)
        {
            return new(TrainabilityVerdict.NotTried, error.Message);
        }

        if (TooMuch(trial, options) is { } tooMuch)
        {
            return new(TrainabilityVerdict.NotTried, tooMuch);
        }

        try
        {
            return Judge(GradientTrial.Run(trial.Graph, trial.Inputs, options.Outputs), trial);
        }
        catch (OperatorNotCoveredException error)
        {
            return new(TrainabilityVerdict.Refused, error.Message);
        }
        catch (Exception error) when (error is GraphException or ExternalException or ArgumentException or InvalidOperationException or NotSupportedException or OverflowException)
        {
            return new(TrainabilityVerdict.Refused, $"the batch cannot be run: {error.Message.Split('\n')[0]}");
        }
    }

    private static TrainabilityProof Judge(GradientTrial result, Trial trial)
    {
        int trained = result.Weights.Count(weight => weight.Trains);
        var broken = result.Weights.Where(weight => weight.State == GradientState.NotFinite).ToList();
        string what = $"a forward and a backward on {string.Join(", ", trial.Inputs.Select(input => $"'{input.Key}' [{string.Join(", ", input.Value.Shape)}]"))}{trial.Note}";
        var (verdict, reason) = broken.Count > 0 ? (TrainabilityVerdict.Refused, $"the gradients of {broken.Count} weights are not finite after {what}.")
            : trained == 0 ? (TrainabilityVerdict.Refused, $"no trainable weight has a gradient after {what}.")
            : trained < result.Weights.Count ? (TrainabilityVerdict.Partly, $"{trained} of {result.Weights.Count} trainable tensors have a finite gradient after {what}.")
            : (TrainabilityVerdict.Proved, $"all {trained} trainable tensors have a finite gradient after {what}.");
        return new(verdict, reason) { Weights = result.Weights, OutputShapes = result.OutputShapes };
    }

    /// <summary>What the graph shows without running it.</summary>
    private static string? Obstacle(ModelGraph graph)
    {
        if (graph.Inputs.Count == 0 || graph.Outputs.Count == 0)
        {
            return "it has no inputs or no outputs.";
        }

        if (graph.Initializers.Any(initializer => initializer.Trainable))
        {
            return null;
        }

        int stored = graph.Nodes.Count(node => node is { Domain: "", Operation: "DequantizeLinear" } && graph.FindInitializer(node.InputOrNull(0)) is not null);
        return stored > 0
            ? $"its weights are integers, stored behind {stored} DequantizeLinear nodes. Make them float again with: distill convert MODEL --pass lift-quantized --out FILE (what rounding lost stays lost)."
            : "it holds no trainable weight: no float constant lies in a weight's place.";
    }

    private static string? TooMuch(Trial trial, TrainabilityOptions options)
    {
        double values = trial.Graph.KnownValues.Values.Sum(value => value.Shape is { } shape && shape.All(size => size.Size is not null) ? shape.Aggregate(1.0, (product, size) => product * size.Size!.Value) : 0);
        double macs = trial.Macs;
        return values > options.MaxValues ? string.Create(CultureInfo.InvariantCulture, $"its values would take {values:#,0} elements; at most {options.MaxValues:#,0} are tried. Give smaller sizes.")
            : macs > options.MaxMacs ? string.Create(CultureInfo.InvariantCulture, $"a forward would take {macs:#,0} multiply-accumulates; at most {options.MaxMacs:#,0} are tried. Give smaller sizes.")
            : null;
    }
}
