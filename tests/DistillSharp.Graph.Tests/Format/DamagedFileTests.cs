using CsCheck;
using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;

namespace DistillSharp.Graph.Tests.Format;

/// <summary>Whatever happens to a file's bytes: a graph comes out, or a GraphException, and nothing else.</summary>
public sealed class DamagedFileTests
{
    private static readonly byte[][] s_models = [OnnxFile.Serialize(SampleGraphs.WithEverything()), OnnxFile.Serialize(Small())];

    private static readonly Gen<byte[]> s_model = Gen.Int[0, 1].Select(i => s_models[i]);

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
        try
        {
            ModelStatistics.Of(graph);
        }
        catch (GraphException)
        {
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
