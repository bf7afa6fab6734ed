using DistillSharp.Graph;
using DistillSharp.Weights.Pickle;

namespace DistillSharp.Weights.Torch;

/// <summary>A view of a storage: what a tensor of a checkpoint is before its elements are read.</summary>
/// <param name="storage">The storage.</param>
/// <param name="type">The element type.</param>
/// <param name="offset">The first element.</param>
/// <param name="shape">The shape.</param>
/// <param name="strides">The elements between neighbours of each dimension.</param>
internal sealed class TorchTensor(TorchStorage storage, ElementType type, long offset, long[] shape, long[] strides) : IPickleState
{
    public TorchStorage Storage { get; } = storage;

    public ElementType Type { get; } = type;

    public long Offset { get; } = offset;

    public IReadOnlyList<long> Shape { get; } = shape;

    public IReadOnlyList<long> Strides { get; } = strides;

    /// <summary>Attributes of a tensor are no weights.</summary>
    /// <param name="state">The attributes.</param>
    public void SetState(object? state)
    {
    }
}
