namespace DistillSharp.Weights.Pickle;

/// <summary>A Python tuple. A plain class on purpose: a record's equality and text would walk nested ones without a bound.</summary>
/// <param name="items">Its items.</param>
internal sealed class PickleTuple(IReadOnlyList<object?> items)
{
    public static PickleTuple Empty { get; } = new([]);

    public IReadOnlyList<object?> Items { get; } = items;
}
