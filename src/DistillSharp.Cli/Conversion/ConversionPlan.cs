using DistillSharp.Graph;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Passes.Opsets;
using DistillSharp.Graph.Quantization;

namespace DistillSharp.Cli.Conversion;

/// <summary>The steps of a conversion, in the order in which they are applied, and what a comparison must know of them.</summary>
internal sealed class ConversionPlan
{
    private readonly List<ConversionStep> _steps = [];

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<ConversionStep> Steps => _steps;

    /// <summary>The new names of values, by their old ones.</summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>();

    /// <summary>The sizes of dimensions that are fixed.</summary>
    public IReadOnlyDictionary<string, long> Sizes { get; init; } = new Dictionary<string, long>();

    /// <summary>The normalisation that goes into the graph; null for none.</summary>
    public EmbedPreprocessingOptions? Preprocessing { get; init; }

    /// <summary>Whether a Softmax is cut off.</summary>
    public bool CutsSoftmax => _steps.Any(step => step.Pass is CutSoftmaxPass);

    /// <summary>Whether inputs with the channels last are turned.</summary>
    public bool TurnsChannels => _steps.Any(step => step.Pass is ChannelsFirstPass);

    /// <summary>Whether other values are fed or answered than before: cut out, or new names.</summary>
    public bool Cuts => _steps.Any(step => step.Pass is ExtractPass);

    /// <summary>The least exact of the steps.</summary>
    public Effect Effect => _steps.Any(step => step.Effect == Effect.Rounds) ? Effect.Rounds : Effect.Same;

    /// <summary>Adds a step.</summary>
    public void Add(GraphPass pass) => _steps.Add(new(pass, pass is Float16Pass or DeployQuantizedPass or LiftQuantizedPass ? Effect.Rounds : Effect.Same));

    /// <summary>Whether an input is the one whose pictures are normalised in the graph now.</summary>
    public bool IsPreprocessed(ModelGraph before, string input) => Preprocessing is { } told && (told.Input ?? before.Inputs[0].Name) == input;

    /// <summary>Applies the steps to a copy.</summary>
    /// <param name="graph">The model; it is not changed.</param>
    /// <exception cref="GraphException">A pass cannot be applied; the message names the pass and the node.</exception>
    public PassResult Apply(ModelGraph graph) => new PassPipeline(_steps.Select(step => step.Pass)).Run(graph);

    /// <summary>A pass that raises the operator set.</summary>
    public static GraphPass Opset(int target) => new UpgradeOpsetPass(new() { Target = target });
}
