namespace DistillSharp.Training;

/// <summary>Turns gradients into a step of the weights. One plug-in a class. Placeholder contract: see the flat parameters it works on.</summary>
public abstract class Optimizer
{
}
