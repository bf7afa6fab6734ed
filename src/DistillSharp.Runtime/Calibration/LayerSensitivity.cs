namespace DistillSharp.Runtime.Calibration;

/// <summary>How much one layer's quantisation, alone, changes what a model answers.</summary>
/// <param name="Name">The layer's name, as an option takes it.</param>
/// <param name="Operation">Its operator.</param>
/// <param name="Damage">The mean squared change of the outputs, relative to their mean square.</param>
public sealed record LayerSensitivity(string Name, string Operation, double Damage);
