namespace DistillSharp.Runtime;

/// <summary>One class and how probable the model takes it to be.</summary>
/// <param name="ClassIndex">The 0-based class.</param>
/// <param name="Name">The class's name.</param>
/// <param name="Probability">0 to 1.</param>
public sealed record Prediction(int ClassIndex, string Name, double Probability);
