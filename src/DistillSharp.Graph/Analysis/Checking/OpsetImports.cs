namespace DistillSharp.Graph.Analysis.Checking;

/// <summary>The operator sets that nodes are written for.</summary>
/// <param name="Own">The version of ONNX's own.</param>
/// <param name="Others">The versions of other domains.</param>
internal sealed record OpsetImports(int Own, IDictionary<string, long> Others);
