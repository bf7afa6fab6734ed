using DistillSharp.Graph;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Passes.Opsets;
using DistillSharp.Graph.Quantization;
using DistillSharp.Graph.Quantization.Observers;

namespace DistillSharp.Runtime.Calibration;

/// <summary>
/// Quantises a model after its training: folds what can be folded, runs it over samples, and writes INT8. Calibrated once, it makes
/// any number of graphs that differ in what stays in float.
/// </summary>
public sealed class StaticQuantizer
{
    private readonly StaticQuantizationOptions _options;
    private readonly BiasCorrector _corrector;
    private readonly IReadOnlyDictionary<string, QuantizationRange> _ranges;

    private StaticQuantizer(ModelGraph prepared, QuantizationPlan plan, StaticQuantizationOptions options, CalibrationSet set, IReadOnlyDictionary<string, QuantizationRange> ranges, IReadOnlyList<PassChanges> changes)
    {
        (Prepared, Plan, _options, _corrector, _ranges, Changes) = (prepared, plan, options, new(prepared, set, options.Threads), ranges, changes);
    }

    /// <summary>The float graph that is quantised: what the INT8 file is compared with.</summary>
    public ModelGraph Prepared { get; }

    /// <summary>What is quantised.</summary>
    public QuantizationPlan Plan { get; }

    /// <summary>What the passes before calibration changed.</summary>
    public IReadOnlyList<PassChanges> Changes { get; }

    /// <summary>
    /// Folds a model into what is quantised: constants, BatchNormalization; Dropout and Identity go. A graph of an operator set that knows no
    /// scale a channel is rewritten for a newer one.
    /// </summary>
    /// <param name="graph">The model; it is not changed.</param>
    /// <exception cref="GraphException">A pass cannot be applied; the message names the pass and the node.</exception>
    public static PassResult Prepare(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var fold = new ConstantFoldingPass(new() { FoldTrainable = true });
        GraphPass[] upgrade = graph.Opset < QuantizationPlan.LeastOpset ? [new UpgradeOpsetPass(new())] : [];
        return new PassPipeline([fold, new InlineIfPass(), .. upgrade, fold, new RemoveIdentityPass(new()), new MatMulToGemmPass(), new FoldBatchNormPass(), new RemoveDeadPass(new())]).Run(graph);
    }

    /// <summary>Prepares and calibrates a model.</summary>
    /// <param name="graph">The float model; it is not changed.</param>
    /// <param name="set">Training samples.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told the share done, 0 to 1.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="GraphException">The model cannot be quantised, or the samples do not fit it.</exception>
    public static StaticQuantizer Calibrate(ModelGraph graph, CalibrationSet set, StaticQuantizationOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(options);
        var prepared = Prepare(graph);
        var changes = prepared.Changes.ToList();
        if (options.Equalize)
        {
            changes.AddRange(new EqualizePass().ApplyInPlace(prepared.Graph).Changes);
        }

        var plan = QuantizationPlan.Of(prepared.Graph, options.Quantization);
        var ranges = Calibrator.Calibrate(prepared.Graph, plan, set, () => options.Calibration.CreateObserver(options.Percentile), options.Threads, progress, cancellation);
        return new(prepared.Graph, plan, options, set, ranges, changes);
    }

    /// <summary>Writes the deployed form.</summary>
    /// <param name="keepFloat">Nodes that stay in float besides those the options name.</param>
    /// <param name="cancellation">Stops the work.</param>
    public ModelGraph Quantize(IReadOnlyCollection<string>? keepFloat = null, CancellationToken cancellation = default) =>
        new DeployQuantizedPass().ApplyInPlace(TrainingForm(keepFloat, cancellation)).Graph;

    /// <summary>Writes the training form: weights and biases still float.</summary>
    /// <param name="keepFloat">Nodes that stay in float besides those the options name.</param>
    /// <param name="cancellation">Stops the work.</param>
    public ModelGraph TrainingForm(IReadOnlyCollection<string>? keepFloat = null, CancellationToken cancellation = default)
    {
        var options = _options.Quantization with { KeepFloat = [.. _options.Quantization.KeepFloat, .. keepFloat ?? []] };
        var graph = new QuantizePass(options, _ranges).Apply(Prepared).Graph;
        if (_options.CorrectBias)
        {
            _corrector.Correct(graph, cancellation);
        }

        return graph;
    }

    /// <summary>What a layer is called in options: its name, or that of the value it makes.</summary>
    internal static string NameOf(GraphNode node) => node.Name.Length > 0 ? node.Name : node.Outputs[0];
}
