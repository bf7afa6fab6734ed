namespace DistillSharp.Weights.Pickle;

/// <summary>The stack of a pickle with its marks, bounded in size and depth.</summary>
/// <param name="cursor">Says where an error is.</param>
internal sealed class PickleStack(PickleCursor cursor)
{
    /// <summary>Real checkpoints need a few thousand: items are handed over in groups of a thousand.</summary>
    private const int MostItems = 1_000_000;

    /// <summary>Python's own pickler stops at a thousand calls, each of which sets at most one mark.</summary>
    private const int MostMarks = 2_000;

    private readonly List<object?> _items = [];
    private readonly List<int> _marks = [];

    public int Count => _items.Count;

    public void Push(object? item)
    {
        if (_items.Count >= MostItems)
        {
            throw cursor.Error($"the stack holds more than {MostItems} items, which no checkpoint needs");
        }

        _items.Add(item);
    }

    public object? Peek()
    {
        Require(1);
        return _items[^1];
    }

    public object? Pop()
    {
        Require(1);
        object? item = _items[^1];
        _items.RemoveAt(_items.Count - 1);
        return item;
    }

    /// <summary>The topmost items, in the order in which they were pushed.</summary>
    public object?[] Pop(int count)
    {
        Require(count);
        object?[] items = [.. _items[^count..]];
        _items.RemoveRange(_items.Count - count, count);
        return items;
    }

    public void Mark()
    {
        if (_marks.Count >= MostMarks)
        {
            throw cursor.Error($"values are nested more than {MostMarks} deep, which no checkpoint needs");
        }

        _marks.Add(_items.Count);
    }

    /// <summary>Everything above the last mark, which is taken away.</summary>
    public object?[] PopMark()
    {
        if (_marks.Count == 0)
        {
            throw cursor.Error("a mark is asked for, but none is set");
        }

        int start = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        object?[] items = [.. _items[start..]];
        _items.RemoveRange(start, _items.Count - start);
        return items;
    }

    /// <summary>Whether the topmost thing is a mark.</summary>
    public bool EndsInMark => _marks.Count > 0 && _marks[^1] == _items.Count;

    private void Require(int count)
    {
        int free = _items.Count - (_marks.Count > 0 ? _marks[^1] : 0);
        if (free < count)
        {
            throw cursor.Error($"{count} {(count == 1 ? "value is" : "values are")} asked for, but {free} {(free == 1 ? "lies" : "lie")} on the stack");
        }
    }
}
