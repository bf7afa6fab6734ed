namespace DistillSharp.Graph.Analysis.Shapes;

/// <summary>What a rule tells of an output.</summary>
/// <param name="Type">The element type; undefined if it cannot be told.</param>
/// <param name="Shape">The dimensions, or null if not even the rank can be told.</param>
internal readonly record struct Inferred(ElementType Type, IReadOnlyList<Dimension>? Shape);
