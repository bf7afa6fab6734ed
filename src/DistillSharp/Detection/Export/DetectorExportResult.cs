using DistillSharp.Graph;
using DistillSharp.Graph.Passes;
using DistillSharp.Tasks;

namespace DistillSharp.Detection.Export;

/// <summary>A detector's file before it is written, and how far its answers are from the model's.</summary>
/// <param name="Graph">The model as it is to be written, metadata included.</param>
/// <param name="Card">What its metadata says.</param>
/// <param name="Changes">What each pass changed.</param>
/// <param name="Comparisons">The answers before and after, on smooth noise: one for each size that was tried.</param>
/// <param name="Notes">Remarks for the user, in sentences.</param>
public sealed record DetectorExportResult(ModelGraph Graph, ModelCard Card, IReadOnlyList<PassChanges> Changes, IReadOnlyList<DetectorComparison> Comparisons, IReadOnlyList<string> Notes);

/// <summary>How far the answers for one batch of noise are from the original's.</summary>
/// <param name="Shape">What was fed, <c>[N, C, H, W]</c>.</param>
/// <param name="Pixels">The largest difference of a box's centre or extent, in pixels.</param>
/// <param name="Score">The largest difference of a score.</param>
/// <param name="IsSmall">Whether the boxes differ by less than a hundredth of the picture's side and the scores by less than 0.05.</param>
public sealed record DetectorComparison(IReadOnlyList<long> Shape, double Pixels, double Score, bool IsSmall);
