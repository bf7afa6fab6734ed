using DistillSharp.Adapters;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using static TorchSharp.torch;

namespace DistillSharp.Losses.Relation;

/// <summary>Trained linear layers that bring the features of student and teacher to one width: <c>0.student</c>, <c>0.teacher</c>, <c>1.student</c>, ….</summary>
internal static class PairedEmbeddings
{
    /// <summary>The adapter.</summary>
    public static ModelGraph Graph(LossShapes shapes, int width)
    {
        var b = new GraphBuilder("embeddings");
        var outputs = new List<GraphValue>();
        for (int i = 0; i < shapes.StudentFeatures.Count; i++)
        {
            foreach (var (side, shape) in new[] { ("student", shapes.StudentFeatures[i]), ("teacher", shapes.TeacherFeatures[i]) })
            {
                string x = b.Input($"{side}.{i}", Dimension.Named(GraphBuilder.BatchSymbol), shape.Skip(1).Aggregate(1L, (product, size) => product * size));
                outputs.Add(new(b.Linear($"{i}.{side}", x, width), ElementType.Float32, null));
            }
        }

        return b.Build(outputs);
    }

    /// <summary>The embeddings of each pair, <c>[N, width]</c>.</summary>
    public static IReadOnlyList<(Tensor Student, Tensor Teacher)> Apply(AdapterNetwork adapter, LossInputs inputs)
    {
        var features = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        for (int i = 0; i < inputs.StudentFeatures.Count; i++)
        {
            features.Add($"student.{i}", inputs.StudentFeatures[i].flatten(1));
            features.Add($"teacher.{i}", inputs.TeacherFeatures[i].flatten(1));
        }

        var outputs = adapter.Run(features, inputs.Step);
        return [.. inputs.StudentFeatures.Select((_, i) => (outputs[$"{i}.student"], outputs[$"{i}.teacher"]))];
    }
}
