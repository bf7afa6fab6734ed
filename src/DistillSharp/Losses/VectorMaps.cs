using static TorchSharp.torch;

namespace DistillSharp.Losses;

/// <summary>Vectors <c>[N, D]</c> as maps of one pixel, for losses of maps that compare them too.</summary>
internal static class VectorMaps
{
    /// <summary>The shape of a map: <c>[N, D, 1, 1]</c> for a vector's, itself for others.</summary>
    /// <param name="shape">The shape, the batch first.</param>
    public static IReadOnlyList<long> Of(IReadOnlyList<long> shape) => shape.Count == 2 ? [.. shape, 1, 1] : shape;

    /// <summary>A feature as a map; a handle of its own, which the caller disposes.</summary>
    /// <param name="feature">A vector <c>[N, D]</c>, or a map.</param>
    public static Tensor Of(Tensor feature) => feature.dim() == 2 ? feature.reshape(feature.shape[0], feature.shape[1], 1, 1) : feature.alias();

    /// <summary>Shapes whose features are maps.</summary>
    /// <param name="shapes">The shapes of a batch.</param>
    public static LossShapes Of(LossShapes shapes) => shapes with { StudentFeatures = [.. shapes.StudentFeatures.Select(Of)], TeacherFeatures = [.. shapes.TeacherFeatures.Select(Of)] };

    /// <summary>A batch whose features are maps; the caller's dispose scope frees them.</summary>
    /// <param name="inputs">The batch.</param>
    public static LossInputs Of(LossInputs inputs) => inputs with { StudentFeatures = [.. inputs.StudentFeatures.Select(Of)], TeacherFeatures = [.. inputs.TeacherFeatures.Select(Of)] };
}
