using System.Runtime.InteropServices;

namespace DistillSharp.Weights.Pickle;

/// <summary>
/// A Python dictionary in its order. Found by key are texts and whole numbers; other keys are kept but never hashed, since hashing a nested
/// key would walk it without a bound.
/// </summary>
internal sealed class PickleDict
{
    private List<KeyValuePair<object?, object?>>? _items;
    private Dictionary<object, int>? _places;

    /// <summary>The items, in the order in which their keys came first.</summary>
    public IReadOnlyList<KeyValuePair<object?, object?>> Items => _items is null ? [] : _items;

    /// <summary>What was set on the dictionary itself, as PyTorch sets <c>_metadata</c> on a state dict.</summary>
    public object? State { get; set; }

    public void Set(object? key, object? value)
    {
        _items ??= new(1);
        if (key is string or long)
        {
            _places ??= [];
            ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, key, out bool known);
            if (known)
            {
                _items[place] = new(key, value);
                return;
            }

            place = _items.Count;
        }

        _items.Add(new(key, value));
    }

    /// <summary>The value of a key; null where there is none.</summary>
    public object? Find(string key) => _places is not null && _places.TryGetValue(key, out int place) ? _items![place].Value : null;
}
