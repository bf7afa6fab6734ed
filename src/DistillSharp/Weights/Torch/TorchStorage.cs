using DistillSharp.Graph;

namespace DistillSharp.Weights.Torch;

/// <summary>Where elements lie: an entry of the archive. Nothing is read yet.</summary>
/// <param name="type">The element type; null for an untyped storage, whose tensors say it.</param>
/// <param name="key">The entry's name below <c>data/</c>.</param>
/// <param name="count">Its elements; bytes where it is untyped.</param>
internal sealed class TorchStorage(ElementType? type, string key, long count)
{
    public ElementType? Type { get; } = type;

    public string Key { get; } = key;

    public long Count { get; } = count;
}
