namespace DistillSharp.Execution;

/// <summary>A compiled node: reads its inputs' slots of a frame and fills its outputs'.</summary>
/// <param name="frame">The values of one forward pass.</param>
internal delegate void Kernel(Frame frame);
