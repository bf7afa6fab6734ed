using DistillSharp.Adapters;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using static TorchSharp.torch;

namespace DistillSharp.Losses.Feature;

/// <summary>Brings student maps to the teacher's channels with trained 1x1 convolutions, <c>0.align</c>, <c>1.align</c>, ….</summary>
internal static class ChannelAlignment
{
    /// <summary>The adapter of a loss that needs nothing else; null where every map fits as it is.</summary>
    public static ModelGraph? Graph(LossShapes shapes, MapAlignment how)
    {
        var pairs = shapes.StudentFeatures.Zip(shapes.TeacherFeatures).ToList();
        if (how is MapAlignment.WhereNeeded && pairs.TrueForAll(pair => pair.First[1] == pair.Second[1]))
        {
            return null;
        }

        var b = new GraphBuilder("alignment");
        var outputs = new List<GraphValue>();
        for (int i = 0; i < pairs.Count; i++)
        {
            string x = Input(b, i, pairs[i].First), y = Add(b, i, x, (int)pairs[i].Second[1], how);
            outputs.Add(new(y == x ? b.Node("Identity", $"{i}.same", [x]) : y, ElementType.Float32, null));
        }

        return b.Build(outputs);
    }

    /// <summary>The student's maps through that adapter, in order.</summary>
    public static IReadOnlyList<Tensor> Apply(AdapterNetwork? adapter, LossInputs inputs)
    {
        if (adapter is null)
        {
            return inputs.StudentFeatures;
        }

        var maps = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        for (int i = 0; i < inputs.StudentFeatures.Count; i++)
        {
            maps.Add(NameOf(i), inputs.StudentFeatures[i]);
        }

        var outputs = adapter.Run(maps, inputs.Step);
        return [.. adapter.Graph.Outputs.Select(output => outputs[output.Name])];
    }

    /// <summary>Adds the input of a pair's student map.</summary>
    public static string Input(GraphBuilder b, int index, IReadOnlyList<long> shape) => b.Input(NameOf(index), Dimension.Named(GraphBuilder.BatchSymbol), shape[1], shape[2], shape[3]);

    /// <summary>The name of that input.</summary>
    public static string NameOf(int index) => $"student.{index}";

    /// <summary>Adds the alignment of one pair.</summary>
    /// <returns>The aligned value; the given one where nothing is needed.</returns>
    public static string Add(GraphBuilder b, int index, string x, int channels, MapAlignment how)
    {
        if (how is MapAlignment.WhereNeeded && b.ChannelsOf(x) == channels)
        {
            return x;
        }

        string aligned = b.Conv($"{index}.align", x, channels, kernel: 1, bias: true);
        return how is MapAlignment.ConvNorm ? b.BatchNormPlain($"{index}.norm", aligned) : aligned;
    }
}
