using static TorchSharp.torch;

namespace DistillSharp.Detection.Losses;

/// <summary>What a batch costs. Dispose it after the step.</summary>
/// <param name="Total">The sum of the three items times the number of pictures: a scalar with a gradient to the maps. Owned by this value.</param>
/// <param name="Box">The boxes' item, after its gain.</param>
/// <param name="Class">The class scores' item, after its gain.</param>
/// <param name="Distribution">The sides' distributions' item, after its gain.</param>
public sealed record DetectionLossValue(Tensor Total, double Box, double Class, double Distribution) : IDisposable
{
    /// <summary>The anchors that were given a true box, by picture and anchor.</summary>
    internal IReadOnlyList<AnchorMatch> Matches { get; init; } = [];

    /// <inheritdoc/>
    public void Dispose() => Total.Dispose();
}
