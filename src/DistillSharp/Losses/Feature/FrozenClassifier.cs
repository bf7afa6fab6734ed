using DistillSharp.Graph;
using DistillSharp.Graph.Builder;

namespace DistillSharp.Losses.Feature;

/// <summary>The teacher's last layer inside an adapter: gradients go through it, but it is not trained.</summary>
internal static class FrozenClassifier
{
    /// <summary>The layer, checked.</summary>
    /// <param name="loss">The loss's name.</param>
    /// <param name="setup">What was told.</param>
    /// <param name="features">How many features it must take.</param>
    /// <exception cref="ArgumentException">It is missing or takes another number of features.</exception>
    public static (TensorData Weight, TensorData Bias) Of(string loss, LossSetup setup, long features)
    {
        var (weight, bias) = setup.TeacherClassifier
            ?? throw new ArgumentException($"{loss} needs the teacher's last layer, which was not given. Take a teacher whose graph ends in a fully connected layer.", nameof(setup));
        if (weight.Shape.Count != 2 || weight.Shape[1] != features || bias.Count != weight.Shape[0])
        {
            throw new ArgumentException(
                $"{loss} cannot put the teacher's feature {LossShapes.Text(setup.Shapes.TeacherFeatures[0])} into its last layer {LossShapes.Text(weight.Shape)} with the bias {LossShapes.Text(bias.Shape)}: it takes {features} features. Tap what goes into that layer, or the map before its pooling.",
                nameof(setup));
        }

        return (weight, bias);
    }

    /// <summary>Adds the layer.</summary>
    /// <param name="b">The graph.</param>
    /// <param name="path">The output's name; the constants lie under it.</param>
    /// <param name="x">The input, <c>[N, D]</c>.</param>
    /// <param name="layer">The layer.</param>
    public static string Write(GraphBuilder b, string path, string x, (TensorData Weight, TensorData Bias) layer) =>
        b.Node("Gemm", path, [x, b.Constant($"{path}.weight", layer.Weight), b.Constant($"{path}.bias", layer.Bias)], ("transB", new IntValue(1)));
}
