using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Passes.Opsets;

namespace DistillSharp.Graph.Tests.Passes;

/// <summary>A file of a megabyte may hold tens of thousands of nodes: no work on it may take the square of their number.</summary>
public sealed class LongGraphTests
{
    private const int Count = 8_000;

    private static readonly Dictionary<string, Action<ModelGraph>> s_works = new(StringComparer.Ordinal)
    {
        ["check"] = graph => GraphChecker.Check(graph),
        ["check-file"] = graph => GraphChecker.CheckFile(OnnxFile.Serialize(graph)),
        ["load"] = graph => OnnxFile.Load(OnnxFile.Serialize(graph)),
        ["infer"] = ShapeInference.Infer,
        ["count"] = graph => ModelStatistics.Of(graph),
        ["fold"] = graph => new ConstantFoldingPass(new() { FoldTrainable = true }).ApplyInPlace(graph),
        ["remove-identity"] = graph => new RemoveIdentityPass(new()).ApplyInPlace(graph),
        ["remove-dead"] = graph => new RemoveDeadPass(new()).ApplyInPlace(graph),
        ["normalize-activations"] = graph => new NormalizeActivationsPass().ApplyInPlace(graph),
        ["fold-batch-norm"] = graph => new FoldBatchNormPass().ApplyInPlace(graph),
        ["untie"] = graph => new UntiePass(new()).ApplyInPlace(graph),
        ["float16"] = graph => new Float16Pass(new()).ApplyInPlace(graph),
        ["dynamic-batch"] = graph => new DynamicBatchPass(new()).ApplyInPlace(graph),
        ["upgrade-opset"] = graph => new UpgradeOpsetPass(new() { Target = 21 }).ApplyInPlace(graph),
        ["extract"] = graph => new ExtractPass([], ["y"]).ApplyInPlace(graph),
        ["rename"] = graph => new RenamePass(new Dictionary<string, string> { ["a7"] = "renamed" }).ApplyInPlace(graph),
    };

    public static TheoryData<string> Works => [.. s_works.Keys];

    [Theory]
    [MemberData(nameof(Works))]
    public void A_work_on_twice_the_nodes_allocates_about_twice_as_much(string work)
    {
        Cost(work, Count / 20);
        double half = Cost(work, Count / 2), whole = Cost(work, Count);

        Assert.InRange(whole / half, 1.5, 3);
    }

    /// <summary>What is looked at again for each node is made again for each node: the memory shows it, and no clock need be asked.</summary>
    private static long Cost(string work, int count)
    {
        var graph = Chain(count);
        long before = GC.GetAllocatedBytesForCurrentThread();
        s_works[work](graph);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Constants that are folded, weights that are shared, identities, and inputs nobody needs.</summary>
    private static ModelGraph Chain(int count)
    {
        var graph = new ModelGraph { Name = "long", Opset = 17 };
        graph.Inputs.Add(new("x", ElementType.Float32, [1, 2]));
        graph.Add(new("w", TensorData.Create<float>([1, 2, 3, 4], 2, 2), trainable: true));
        string last = "x";
        for (int i = 0; i < count / 4; i++)
        {
            var constant = new GraphNode("Constant", [], [$"c{i}"], $"constant{i}");
            constant.Attributes["value"] = new TensorValue(TensorData.Create<float>([i, 1], 2));
            graph.Nodes.Add(constant);
            graph.Nodes.Add(new("MatMul", [last, "w"], [$"m{i}"], $"product{i}"));
            graph.Nodes.Add(new("Add", [$"m{i}", $"c{i}"], [$"a{i}"], $"sum{i}"));
            graph.Nodes.Add(new("Identity", [$"a{i}"], [$"i{i}"], $"same{i}"));
            last = $"i{i}";
        }

        graph.Nodes.Add(new("Relu", [last], ["y"], "end"));
        graph.Outputs.Add(new("y", ElementType.Float32, [1, 2]));
        return graph;
    }
}
