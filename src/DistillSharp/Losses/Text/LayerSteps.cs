using static TorchSharp.torch;

namespace DistillSharp.Losses.Text;

/// <summary>Hidden states two by two, from each layer to the next that is tapped; a single one with itself.</summary>
internal static class LayerSteps
{
    /// <summary>The steps.</summary>
    public static IEnumerable<(Tensor From, Tensor To)> Of(IReadOnlyList<Tensor> features) =>
        features.Count == 1 ? [(features[0], features[0])] : features.Zip(features.Skip(1));

    /// <summary>Refuses what is not hidden states of one number of tokens, and of one width a model.</summary>
    public static void Require(string loss, LossShapes shapes)
    {
        foreach (var features in new[] { shapes.StudentFeatures, shapes.TeacherFeatures })
        {
            foreach (var feature in features)
            {
                if (feature.Count != 3 || feature[1] != features[0][1] || feature[2] != features[0][2])
                {
                    throw new ArgumentException($"{loss} compares hidden states [N, L, D] of layers that are equally wide, but one model gave {string.Join(", ", features.Select(LossShapes.Text))}. Tap the outputs of its layers.");
                }
            }
        }
    }
}
