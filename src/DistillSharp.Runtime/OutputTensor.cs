using Microsoft.ML.OnnxRuntime.Tensors;

namespace DistillSharp.Runtime;

/// <summary>One of a model's outputs, whatever numbers it holds, as float32.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its elements in the model.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Values">Its elements, row-major; whole numbers above 2^24 are rounded.</param>
internal sealed record OutputTensor(string Name, TensorElementType Type, long[] Shape, float[] Values)
{
    /// <summary>Whether its elements are whole numbers by type.</summary>
    public bool IsWhole => Type is TensorElementType.Int64 or TensorElementType.Int32 or TensorElementType.UInt8;

    /// <summary>Name, shape and type, for messages.</summary>
    public override string ToString() => $"'{Name}' [{string.Join(", ", Shape)}] of {Type}";
}
