namespace DistillSharp.Weights.Pickle;

/// <summary>A Python list, set or frozenset: what is added to item by item.</summary>
internal sealed class PickleList
{
    private List<object?>? _items;

    public IReadOnlyList<object?> Items => _items is null ? [] : _items;

    public void Add(object? item) => (_items ??= new(1)).Add(item);

    public void AddRange(IReadOnlyList<object?> items)
    {
        _items ??= new(items.Count);
        _items.AddRange(items);
    }
}
