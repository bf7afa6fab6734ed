using DistillSharp.Weights.Pickle;

namespace DistillSharp.Weights.Torch;

/// <summary>
/// Turns metadata of a pickle into plain values: null, bool, long, double, text, lists and dictionaries with texts as keys. What is
/// anything else becomes null. Bounded, since a pickle can share one list many times, or put it into itself.
/// </summary>
internal sealed class PlainValues
{
    private const int MostValues = 100_000, Deepest = 16;
    private int _values;

    /// <summary>A dictionary, or the attributes of an object such as a namespace, as plain values; null if it is neither.</summary>
    public static IReadOnlyDictionary<string, object?>? Dictionary(object? value) => value switch
    {
        PickleDict dict => new PlainValues().Of(dict, 0),
        PickleObject { State: PickleDict attributes } => new PlainValues().Of(attributes, 0),
        _ => null,
    };

    private object? Of(object? value, int depth) => ++_values > MostValues || depth > Deepest ? null : value switch
    {
        bool or long or double or string => value,
        PickleDict dict => Of(dict, depth),
        PickleList list => Of(list.Items, depth),
        PickleTuple tuple => Of(tuple.Items, depth),
        _ => null,
    };

    private Dictionary<string, object?> Of(PickleDict dict, int depth)
    {
        var plain = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in dict.Items.Take(MostValues))
        {
            if (key is string or long)
            {
                plain[FormattableString.Invariant($"{key}")] = Of(value, depth + 1);
            }
        }

        return plain;
    }

    private object?[] Of(IReadOnlyList<object?> items, int depth) => [.. items.Take(Math.Max(0, MostValues - _values)).Select(item => Of(item, depth + 1))];
}
