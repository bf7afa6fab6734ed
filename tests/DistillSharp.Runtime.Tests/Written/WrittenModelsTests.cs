using System.Reflection;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Passes.Opsets;
using DistillSharp.Graph.Quantization;
using DistillSharp.Graph.Zoo;
using DistillSharp.Runtime.Tests.Passes;
using DistillSharp.Runtime.Tests.Quantization;
using DistillSharp.Tasks;

namespace DistillSharp.Runtime.Tests.Written;

/// <summary>Every model of the zoo, as it is made, as training writes it, after every pass, and in every operator set that is written.</summary>
public sealed class WrittenModelsTests
{
    private static readonly Dictionary<string, Func<ModelGraph, GraphPass>> s_passes = new(StringComparer.Ordinal)
    {
        ["fold-constants"] = _ => ConstantFoldingPass.Default,
        ["inline-if"] = _ => new InlineIfPass(),
        ["remove-identity"] = _ => new RemoveIdentityPass(new()),
        ["remove-dead"] = _ => new RemoveDeadPass(new()),
        ["fold-batch-norm"] = _ => new FoldBatchNormPass(),
        ["insert-batch-norm"] = _ => new InsertBatchNormPass(new()),
        ["normalize-activations"] = _ => new NormalizeActivationsPass(),
        ["untie"] = _ => new UntiePass(new()),
        ["dynamic-batch"] = _ => new DynamicBatchPass(new()),
        ["float16"] = _ => new Float16Pass(new()),
        ["float16 throughout"] = _ => new Float16Pass(new() { KeepInputsAndOutputs = false }),
        ["embed-preprocessing"] = _ => new EmbedPreprocessingPass(new() { Mean = [0.4, 0.5, 0.6], Deviation = [0.2, 0.2, 0.2] }),
        ["equalize"] = _ => new EqualizePass(),
        ["tap"] = graph => new TapPass(Middle(graph)),
        ["cut out the front"] = graph => new ExtractPass([], [Middle(graph)]),
        ["cut out the back"] = graph => new ExtractPass([graph.Nodes.Last(node => node.Operation == "GlobalAveragePool").Outputs[0]], ["logits"]),
        ["rename"] = graph => new RenamePass(new Dictionary<string, string> { ["input"] = "pictures", ["logits"] = "scores", [Middle(graph)] = "middle" }),
        ["fixed-size"] = _ => new FixedSizePass(new Dictionary<string, long> { [GraphBuilder.BatchSymbol] = 1 }),
    };

    public static TheoryData<string> Models => [.. ModelKeys()];

    public static TheoryData<string> Passes => [.. s_passes.Keys];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_model_is_sound_as_it_is_made_and_as_training_writes_it(string key)
    {
        var graph = ZooQuantizationTests.Create(key);
        WrittenFile.IsSound(graph);

        // What training writes: other numbers, statistics, and the card.
        graph.Randomized(seed: 3);
        foreach (var (name, value) in new ModelCard("classification", ["a", "b", "c"], SmallModel.Input).ToMetadata())
        {
            graph.Metadata[name] = value;
        }

        WrittenFile.IsSound(graph);
    }

    [Theory]
    [MemberData(nameof(Passes))]
    public void A_model_is_sound_after_a_pass(string pass)
    {
        foreach (string key in new[] { "resnet8", "shufflenet-v2", "mobilenetv2-half" })
        {
            var graph = ZooQuantizationTests.Create(key);
            WrittenFile.IsSound(s_passes[pass](graph).Apply(graph).Graph, key);
        }
    }

    [Theory]
    [InlineData(18)]
    [InlineData(19)]
    [InlineData(20)]
    [InlineData(21)]
    public void Every_operator_set_that_is_written_is_sound(int opset)
    {
        foreach (string key in ModelKeys())
        {
            WrittenFile.IsSound(new UpgradeOpsetPass(new() { Target = opset }).Apply(ZooQuantizationTests.Create(key)).Graph, key);
        }
    }

    private static string Middle(ModelGraph graph) => graph.Nodes[graph.Nodes.Count / 2].Outputs[0];

    /// <summary>Of the detectors the smallest of either structure: the others are the same, only larger.</summary>
    private static IEnumerable<string> ModelKeys() => typeof(ModelOptions).Assembly.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
        .Select(method => method.GetCustomAttribute<ModelAttribute>()).OfType<ModelAttribute>().Where(model => model.Task == "classification" || model.Key is "yolo11n" or "yolo11m").Select(model => model.Key);
}
