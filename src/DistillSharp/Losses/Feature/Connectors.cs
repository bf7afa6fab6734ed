using DistillSharp.Graph;
using DistillSharp.Graph.Builder;

namespace DistillSharp.Losses.Feature;

/// <summary>Connectors from the student's channels to the teacher's: a convolution and batch normalisation.</summary>
internal static class Connectors
{
    /// <summary>Adds an input of a feature's shape, with any batch.</summary>
    /// <param name="b">The graph.</param>
    /// <param name="name">The input's name.</param>
    /// <param name="shape">The shape, the batch first.</param>
    public static string Input(GraphBuilder b, string name, IReadOnlyList<long> shape) =>
        b.Input(name, [Dimension.Named(GraphBuilder.BatchSymbol), .. shape.Skip(1).Select(size => (Dimension)size)]);

    /// <summary>Adds a connector.</summary>
    /// <param name="b">The graph.</param>
    /// <param name="path">Its path: <c>path.conv</c>, without bias, then <c>path.bn</c>, which is its output.</param>
    /// <param name="x">The input, <c>[N, C, H, W]</c>.</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="kernel">Rows and columns of the filter, odd; rows and columns of the map stay.</param>
    public static string Write(GraphBuilder b, string path, string x, long channels, int kernel = 1) =>
        b.BatchNorm($"{path}.bn", b.Conv($"{path}.conv", x, (int)channels, kernel, padding: (kernel - 1) / 2, initialization: Initialization.KaimingFanOut(channels * kernel * kernel)));
}
