namespace DistillSharp.Weights.Pickle;

/// <summary>
/// Reads a pickle without running it. A pickle is a program that may call anything; here every call yields an inert record of what would
/// have been called, but for a closed list that is interpreted. Protocols 0 to 5.
/// </summary>
/// <remarks>The format: the comments of Python's <c>pickletools</c>; PEP 307, 3154 and 574.</remarks>
/// <param name="cursor">The pickle's bytes.</param>
/// <param name="calls">What the interpreted calls mean.</param>
internal sealed class Unpickler(PickleCursor cursor, PickleCalls calls)
{
    private const int HighestProtocol = 5;

    private readonly PickleStack _stack = new(cursor);
    private readonly Dictionary<uint, object?> _memo = [];

    /// <summary>The pickle's one value: null, bool, long, double, text, bytes, or one of the pickle classes.</summary>
    /// <exception cref="Graph.GraphException">It is damaged, or asks for a name that weights have no use for; the message names file and offset.</exception>
    public object? Load()
    {
        while (true)
        {
            byte opcode = cursor.NextOpcode();
            if (opcode == '.')
            {
                return _stack.Pop();
            }

            if (!Constant(opcode) && !Memo(opcode) && !Container(opcode) && !Call(opcode))
            {
                throw cursor.Error(opcode is 0x82 or 0x83 or 0x84 or 0x97 or 0x98
                    ? $"the opcode 0x{opcode:x2} asks for something that lies outside the file"
                    : $"there is the unknown opcode 0x{opcode:x2}");
            }
        }
    }

    private bool Constant(byte opcode)
    {
        object? value;
        switch (opcode)
        {
            case (byte)'N': value = null; break;
            case 0x88: value = true; break;
            case 0x89: value = false; break;
            case (byte)'K': value = (long)cursor.Byte(); break;
            case (byte)'M': value = (long)cursor.UInt16(); break;
            case (byte)'J': value = (long)cursor.Int32(); break;
            case (byte)'I': value = PickleNumbers.Whole(cursor, cursor.Line(), mayBeBool: true); break;
            case (byte)'L': value = PickleNumbers.Whole(cursor, cursor.Line(), mayBeBool: false); break;
            case 0x8A: value = PickleNumbers.Whole(cursor, cursor.Byte()); break;
            case 0x8B: value = PickleNumbers.Whole(cursor, cursor.UInt32()); break;
            case (byte)'G': value = cursor.Double(); break;
            case (byte)'F': value = PickleNumbers.Float(cursor, cursor.Line()); break;
            case (byte)'X': value = cursor.Text(cursor.UInt32()); break;
            case 0x8C: value = cursor.Text(cursor.Byte()); break;
            case 0x8D: value = cursor.Text(cursor.UInt64()); break;
            case (byte)'T': value = cursor.Text(cursor.UInt32()); break;
            case (byte)'U': value = cursor.Text(cursor.Byte()); break;
            case (byte)'V': value = cursor.Line(); break;
            case (byte)'S': value = Quoted(cursor.Line()); break;
            case (byte)'B': value = cursor.Bytes(cursor.UInt32()); break;
            case (byte)'C': value = cursor.Bytes(cursor.Byte()); break;
            case 0x8E or 0x96: value = cursor.Bytes(cursor.UInt64()); break;
            case 0x80: return Protocol(cursor.Byte());
            case 0x95: return Frame(cursor.UInt64());
            default: return false;
        }

        _stack.Push(value);
        return true;
    }

    private bool Memo(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'p': Remember(Key(cursor.Line())); break;
            case (byte)'q': Remember(cursor.Byte()); break;
            case (byte)'r': Remember(cursor.UInt32()); break;
            case 0x94: Remember((uint)_memo.Count); break;
            case (byte)'g': _stack.Push(Recall(Key(cursor.Line()))); break;
            case (byte)'h': _stack.Push(Recall(cursor.Byte())); break;
            case (byte)'j': _stack.Push(Recall(cursor.UInt32())); break;
            case (byte)'2': _stack.Push(_stack.Peek()); break;
            case (byte)'(': _stack.Mark(); break;
            case (byte)'1': _stack.PopMark(); break;
            case (byte)'0' when _stack.EndsInMark: _stack.PopMark(); break;
            case (byte)'0': _stack.Pop(); break;
            default: return false;
        }

        return true;
    }

    private bool Container(byte opcode)
    {
        switch (opcode)
        {
            case (byte)')': _stack.Push(PickleTuple.Empty); break;
            case 0x85: _stack.Push(new PickleTuple(_stack.Pop(1))); break;
            case 0x86: _stack.Push(new PickleTuple(_stack.Pop(2))); break;
            case 0x87: _stack.Push(new PickleTuple(_stack.Pop(3))); break;
            case (byte)'t': _stack.Push(new PickleTuple(_stack.PopMark())); break;
            case (byte)']' or 0x8F: _stack.Push(new PickleList()); break;
            case (byte)'l' or 0x91: _stack.Push(Add(new PickleList(), _stack.PopMark())); break;
            case (byte)'}': _stack.Push(new PickleDict()); break;
            case (byte)'d': _stack.Push(Set(new PickleDict(), _stack.PopMark())); break;
            case (byte)'a':
                object?[] one = _stack.Pop(1);
                Add(_stack.Peek(), one);
                break;
            case (byte)'e' or 0x90:
                object?[] items = _stack.PopMark();
                Add(_stack.Peek(), items);
                break;
            case (byte)'s':
                object?[] pair = _stack.Pop(2);
                Set(_stack.Peek(), pair);
                break;
            case (byte)'u':
                object?[] pairs = _stack.PopMark();
                Set(_stack.Peek(), pairs);
                break;
            default: return false;
        }

        return true;
    }

    private bool Call(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'c':
                string module = cursor.Line();
                _stack.Push(Global(module, cursor.Line()));
                break;
            case 0x93:
                object?[] names = _stack.Pop(2);
                _stack.Push(names is [string inModule, string name] ? Global(inModule, name) : throw cursor.Error("a name is expected, but there is something else"));
                break;
            case (byte)'R' or 0x81:
                object?[] call = _stack.Pop(2);
                _stack.Push(calls.Interpret(Callable(call[0]), Arguments(call[1])));
                break;
            case 0x92:
                object?[] full = _stack.Pop(3);
                _stack.Push(new PickleObject(Callable(full[0]), Arguments(full[1])));
                break;
            case (byte)'o':
                object?[] parts = _stack.PopMark();
                _stack.Push(calls.Interpret(Callable(parts.FirstOrDefault()), parts.Skip(1).ToArray()));
                break;
            case (byte)'i':
                string oldModule = cursor.Line();
                var type = Global(oldModule, cursor.Line());
                _stack.Push(calls.Interpret(type, _stack.PopMark()));
                break;
            case (byte)'b':
                object? state = _stack.Pop();
                Build(_stack.Peek(), state);
                break;
            case (byte)'Q':
                _stack.Push(calls.Persistent(_stack.Pop()));
                break;
            case (byte)'P':
                _stack.Push(calls.Persistent(cursor.Line()));
                break;
            default: return false;
        }

        return true;
    }

    private bool Protocol(byte version) => version <= HighestProtocol ? true : throw cursor.Error($"protocol {version} is announced; {HighestProtocol} is the highest there is");

    private bool Frame(ulong length) => length <= (ulong)cursor.Length ? true : throw cursor.Error($"a frame of {length} bytes is announced, more than the pickle has");

    private uint Key(string text) => PickleNumbers.Whole(cursor, text, mayBeBool: false) is long and >= 0 and <= uint.MaxValue and var key ? (uint)(long)key : throw cursor.Error("a memo's number is out of range");

    private void Remember(uint key) => _memo[key] = _stack.Peek();

    private object? Recall(uint key) => _memo.TryGetValue(key, out object? value) ? value : throw cursor.Error($"the memo holds nothing under {key}");

    private string Quoted(string text) => text.Length >= 2 && text[0] is '\'' or '"' && text[^1] == text[0] ? text[1..^1] : throw cursor.Error("a text is not quoted");

    private PickleGlobal Global(string module, string name)
    {
        var global = PickleNames.Modern(module, name);
        return PickleNames.Allows(global) ? global
            : throw cursor.Error($"it asks for '{Shown(module)}.{Shown(name)}', which weights have no use for. Nothing was run. If you trust where the file is from, "
                + "load it in Python and save the weights alone, with torch.save(model.state_dict(), FILE)");
    }

    private static string Shown(string name) => name.Length <= 100 ? name : name[..100] + "...";

    private PickleGlobal Callable(object? value) => value as PickleGlobal
        ?? throw cursor.Error("something is to be called that is no name but the result of another step; checkpoints never do that");

    private IReadOnlyList<object?> Arguments(object? value) => (value as PickleTuple)?.Items ?? throw cursor.Error("a call's arguments are no tuple");

    private object? Add(object? target, object?[] items)
    {
        var list = target as PickleList ?? (target as PickleObject)?.Elements ?? throw cursor.Error("items are added to something that is no list");
        list.AddRange(items);
        return target;
    }

    private object? Set(object? target, object?[] pairs)
    {
        var dict = target as PickleDict ?? (target as PickleObject)?.Entries ?? throw cursor.Error("items are set on something that is no dictionary");
        if (pairs.Length % 2 != 0)
        {
            throw cursor.Error("a key has no value");
        }

        for (int i = 0; i < pairs.Length; i += 2)
        {
            dict.Set(pairs[i], pairs[i + 1]);
        }

        return target;
    }

    private void Build(object? target, object? state)
    {
        switch (target)
        {
            case PickleObject made:
                made.State = state;
                break;
            case PickleDict dict:
                dict.State = state;
                break;
            case IPickleState other:
                other.SetState(state);
                break;
            default:
                throw cursor.Error("a state is set on something that has none");
        }
    }
}
