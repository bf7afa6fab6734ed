namespace DistillSharp.Graph.Analysis.Shapes;

/// <summary>How one operator's outputs are told.</summary>
/// <param name="Operation">The operator, of ONNX's own domain.</param>
/// <param name="Infer">Its outputs from a node; fewer than it has where the rest cannot be told.</param>
internal sealed record ShapeRule(string Operation, Func<ShapeNode, IReadOnlyList<Inferred>> Infer);
