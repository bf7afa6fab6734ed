using DistillSharp.Graph;
using DistillSharp.Tasks;

namespace DistillSharp.Weights.Import;

/// <summary>A model made of a checkpoint.</summary>
/// <param name="Name">The model's key in the catalogue, else its family: <c>yolo11</c>.</param>
/// <param name="Graph">The model with its weights; its metadata holds the card.</param>
/// <param name="Card">The card; null for a classifier whose class names or normalisation are not known.</param>
/// <param name="Report">What became of each tensor.</param>
/// <param name="Notes">What must be known, in sentences.</param>
public sealed record ImportedModel(string Name, ModelGraph Graph, ModelCard? Card, GraphWeightsReport Report, IReadOnlyList<string> Notes);
