using System.Text;

namespace DistillSharp.Weights.Pickle;

/// <summary>What a call in a pickle means, for the few that are interpreted; all others become inert records. <see cref="Torch"/> adds its own.</summary>
/// <param name="cursor">Says where an error is.</param>
internal class PickleCalls(PickleCursor cursor)
{
    /// <summary>The value that a call stands for.</summary>
    /// <param name="callable">What would have been called; a known name.</param>
    /// <param name="arguments">With what.</param>
    public virtual object? Interpret(PickleGlobal callable, IReadOnlyList<object?> arguments) => (callable.FullName, arguments) switch
    {
        ("collections.OrderedDict" or "builtins.dict", []) => new PickleDict(),
        ("collections.OrderedDict" or "builtins.dict", [PickleDict same]) => same,
        ("collections.OrderedDict" or "builtins.dict", [PickleList pairs]) => DictOf(pairs),
        ("builtins.set" or "builtins.frozenset" or "builtins.list", []) => new PickleList(),
        ("builtins.set" or "builtins.frozenset" or "builtins.list", [PickleList items]) => Copy(items.Items),
        ("builtins.set" or "builtins.frozenset" or "builtins.list", [PickleTuple items]) => Copy(items.Items),
        ("builtins.tuple", []) => PickleTuple.Empty,
        ("builtins.bytearray" or "builtins.bytes", []) => Array.Empty<byte>(),
        ("builtins.bytearray" or "builtins.bytes", [byte[] bytes]) => bytes,
        ("_codecs.encode", [string text, "latin1" or "latin-1"]) => Latin(text),
        ("copyreg._reconstructor" or "copyreg.__newobj__", [PickleGlobal type, ..]) => new PickleObject(type, []),
        _ => new PickleObject(callable, arguments),
    };

    /// <summary>What a persistent id stands for.</summary>
    /// <param name="id">The id.</param>
    public virtual object Persistent(object? id) => throw cursor.Error("there is a persistent id, which means nothing here");

    /// <summary>Copies are as long as what the pickle itself holds, but a pickle may ask for many: it is paid for by its own bytes.</summary>
    private PickleList Copy(IReadOnlyList<object?> items)
    {
        Spend(items.Count);
        var copy = new PickleList();
        copy.AddRange(items);
        return copy;
    }

    private PickleDict DictOf(PickleList pairs)
    {
        Spend(pairs.Items.Count);
        var dict = new PickleDict();
        foreach (object? pair in pairs.Items)
        {
            var items = (pair as PickleTuple)?.Items ?? (pair as PickleList)?.Items;
            if (items is not [var key, var value])
            {
                throw cursor.Error("a dictionary is made of something that is no pair");
            }

            dict.Set(key, value);
        }

        return dict;
    }

    private byte[] Latin(string text)
    {
        Spend(text.Length);
        return text.All(letter => letter < 256) ? Encoding.Latin1.GetBytes(text) : throw cursor.Error("text that is to be bytes holds letters that are none");
    }

    private long _spent;

    private void Spend(long count)
    {
        if ((_spent += count) > cursor.Length)
        {
            throw cursor.Error("more is copied than the pickle holds, which no checkpoint needs");
        }
    }
}
