using System.Reflection;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Passes.Opsets;
using DistillSharp.Graph.Zoo;

namespace DistillSharp.Runtime.Tests.Passes;

/// <summary>The passes one after the other on every model of the zoo: valid after each, the same outputs at the end.</summary>
public sealed class ZooPassesTests
{
    private static readonly Dictionary<string, MethodInfo> s_models = typeof(ModelAttribute).Assembly.GetExportedTypes().SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
        .Where(method => method.GetCustomAttribute<ModelAttribute>() is not null).ToDictionary(method => method.GetCustomAttribute<ModelAttribute>()!.Key, StringComparer.Ordinal);

    private static readonly GraphPass[] s_passes =
    [
        ConstantFoldingPass.Default, new RemoveIdentityPass(new()), new UpgradeOpsetPass(new() { Target = 18 }), new FoldBatchNormPass(), new NormalizeActivationsPass(), new RemoveDeadPass(new()), new UntiePass(new()),
    ];

    /// <summary>Of the detectors the smallest of either structure: the others are the same, only larger.</summary>
    public static TheoryData<string> Models => [.. s_models.Keys.Where(key => !IsDetector(key) || key is "yolo11n" or "yolo11m")];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_model_made_ready_for_the_edge_answers_as_before(string key)
    {
        var graph = ((ModelGraph)s_models[key].Invoke(null, [Activator.CreateInstance(s_models[key].GetParameters()[0].ParameterType)])!).Randomized();
        graph = IsDetector(key) ? new FixedSizePass(new Dictionary<string, long> { ["batch"] = 1, ["height"] = 64, ["width"] = 96 }).Apply(graph).Graph : graph;
        var result = graph;
        foreach (var pass in s_passes)
        {
            result = pass.Apply(result).Graph;
            GraphChecker.Require(result);
        }

        var feeds = PassAssert.Feeds(graph, 1);
        PassAssert.Same(SessionRun.Run(graph, feeds), SessionRun.Run(result, feeds), 1e-3);
        Assert.DoesNotContain(result.Nodes, node => node.Operation is "Dropout" or "Identity");
    }

    private static bool IsDetector(string key) => s_models[key].GetCustomAttribute<ModelAttribute>()!.Task == "detection";

    [Fact]
    public void A_pipeline_says_what_each_pass_changed_and_names_the_one_that_fails()
    {
        var graph = ResNet.ResNet8(new());

        var result = new PassPipeline(new FoldBatchNormPass(), new RemoveDeadPass(new())).Run(graph);

        Assert.Equal(["FoldBatchNorm: 9 BatchNormalization folded", "RemoveDead: nothing to do"], result.Changes.Select(changes => changes.ToString()));
        Assert.Contains("The pass Tap cannot be applied: No node makes 'nowhere'", Assert.Throws<GraphException>(() => new PassPipeline(new TapPass("nowhere")).Run(graph)).Message, StringComparison.Ordinal);
    }
}
