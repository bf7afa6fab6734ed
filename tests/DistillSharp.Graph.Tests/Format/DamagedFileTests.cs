using CsCheck;
using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Passes.Opsets;

namespace DistillSharp.Graph.Tests.Format;

/// <summary>Whatever happens to a file's bytes: a graph comes out, or a GraphException, and nothing else.</summary>
public sealed class DamagedFileTests
{
    private static readonly byte[][] s_models = [OnnxFile.Serialize(SampleGraphs.WithEverything()), OnnxFile.Serialize(Small()), SampleGraphs.ShapeArithmetic()];

    private static readonly PassPipeline s_passes = new(
        new ConstantFoldingPass(new() { MaxElements = 1000, MaxWeightElements = 100_000, FoldTrainable = true }), new RemoveIdentityPass(new()), new RemoveDeadPass(new()), new UpgradeOpsetPass(new() { Target = 21 }),
        new NormalizeActivationsPass(), new FoldBatchNormPass(), new UntiePass(new()), new InsertBatchNormPass(new()), new Float16Pass(new()), new DynamicBatchPass(new()));

    private static readonly Gen<byte[]> s_model = Gen.Int[0, 2].Select(i => s_models[i]);

    [Fact]
    public void A_file_cut_anywhere_gives_a_graph_or_a_GraphException()
    {
        foreach (byte[] model in s_models)
        {
            for (int length = 0; length < model.Length; length++)
            {
                TryLoad(model[..length]);
            }
        }
    }

    [Fact]
    public void Flipped_bytes_give_a_graph_or_a_GraphException() =>
        Gen.Select(s_model, Gen.Select(Gen.Int[0, 1_000_000], Gen.Byte).Array[1, 8]).Sample(
            (model, flips) =>
            {
                byte[] damaged = [.. model];
                foreach (var (place, value) in flips)
                {
                    damaged[place % damaged.Length] = value;
                }

                TryLoad(damaged);
            },
            iter: 20_000);

    [Fact]
    public void Bytes_put_in_or_left_out_give_a_graph_or_a_GraphException() =>
        Gen.Select(s_model, Gen.Int[0, 1_000_000], Gen.Int[0, 40], Gen.Byte.Array[0, 12]).Sample(
            (model, place, removed, inserted) =>
            {
                int start = place % model.Length, end = Math.Min(model.Length, start + removed);
                TryLoad([.. model[..start], .. inserted, .. model[end..]]);
            },
            iter: 20_000);

    [Fact]
    public void A_length_beyond_the_file_is_refused_before_anything_is_allocated()
    {
        // Field 7 of a model, its graph, of 2 GiB - 1 bytes, in a file of a kilobyte.
        byte[] file = [0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, .. new byte[1018]];
        long before = GC.GetAllocatedBytesForCurrentThread();

        string message = Assert.Throws<GraphException>(() => OnnxFile.Load(file)).Message;

        Assert.Contains("truncated", message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Theory]
    [InlineData("ConstantOfShape", new long[] { 1 << 20, 1 << 20 }, null)]
    [InlineData("Expand", new long[] { 1, 1 }, new long[] { 1 << 30, 1 << 30 })]
    [InlineData("Tile", new long[] { 1 }, new long[] { 1L << 40 })]
    [InlineData("Range", new long[] { 0 }, new long[] { long.MaxValue })]
    public void A_constant_that_would_grow_beyond_all_bounds_is_not_worked_out(string operation, long[] first, long[]? second)
    {
        var graph = new ModelGraph();
        graph.Add(new("a", TensorData.Create<long>(first, operation == "Range" ? [] : [first.Length]), trainable: false));
        graph.Add(new("b", TensorData.Create<long>(second ?? [1], operation == "Range" ? [] : [second?.Length ?? 1]), trainable: false));
        graph.Add(new("one", TensorData.Create<long>([1]), trainable: false));
        graph.Nodes.Add(new(operation, second is null ? ["a"] : operation == "Range" ? ["a", "b", "one"] : ["a", "b"], ["v"]));
        graph.Nodes.Add(new("Identity", ["v"], ["y"]));
        graph.Outputs.Add(new("y", ElementType.Int64, null));
        long before = GC.GetAllocatedBytesForCurrentThread();

        try
        {
            Assert.Contains(ModelImport.Passes.Run(graph).Graph.Nodes, node => node.Operation == operation);
        }
        catch (GraphException error)
        {
            Assert.Contains(operation, error.Message, StringComparison.Ordinal);
        }

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10_000_000);
    }

    [Fact]
    public void Random_bytes_give_a_graph_or_a_GraphException() => Gen.Byte.Array[0, 300].Sample(TryLoad, iter: 20_000);

    private static void TryLoad(byte[] bytes)
    {
        ModelGraph graph;
        try
        {
            graph = OnnxFile.Load(bytes);
        }
        catch (GraphException error)
        {
            Assert.NotEmpty(error.Message);
            return;
        }

        // What was read can be written, and read again; its size can be counted or is refused in the same way.
        GraphAssert.Equal(graph, OnnxFile.Load(OnnxFile.Serialize(graph)));
        GraphChecker.Check(graph);
        foreach (var work in new Action[] { () => ModelStatistics.Of(graph), () => ModelImport.Passes.Run(graph), () => s_passes.Run(graph) })
        {
            try
            {
                work();
            }
            catch (GraphException)
            {
            }
        }
    }

    /// <summary>A small network with every operator that has a shape rule of its own.</summary>
    private static ModelGraph Small()
    {
        var b = new GraphBuilder("small");
        string x = b.BatchNorm("bn", b.Conv("conv", b.Input(2, 8, 8), 4, 3, 2, 1, bias: true));
        x = b.ShuffleChannels("shuffle", x, 2);
        var (first, second) = b.SplitHalves("split", x);
        x = b.MaxPool("max", b.Concat("concat", b.Relu("relu", first), b.AveragePool("average", second, 3, 1, 1)), 2, 2);
        return b.Build(b.Linear("fc", b.Dropout("drop", b.Flatten("flatten", b.Add("add", x, x)), 0.5), 3));
    }
}
