using System.Globalization;
using System.Text;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks;

/// <summary>
/// Python's text form of simple values, as Ultralytics writes them into model files: <c>{0: 'person', 1: "it's"}</c>, <c>[640, 640]</c>. Nothing is run: what is not
/// exactly of the form is refused, with its place.
/// </summary>
internal ref struct PythonText
{
    private readonly string _key, _text;
    private int _at;

    private PythonText(string key, string text) => (_key, _text) = (key, text);

    /// <summary>Reads class names: a dictionary from 0, 1, ... or a list of texts.</summary>
    /// <param name="key">What messages call it.</param>
    /// <param name="text">The text.</param>
    /// <param name="most">The most names that are taken.</param>
    /// <exception cref="DataException">It is neither.</exception>
    public static string[] Names(string key, string text, int most)
    {
        var reader = new PythonText(key, text);
        bool keyed = reader.Peek() == '{';
        reader.Expect(keyed ? '{' : '[');
        var names = new SortedDictionary<int, string>();
        while (reader.Peek() != (keyed ? '}' : ']'))
        {
            int number = keyed ? reader.Number() : names.Count;
            if (keyed)
            {
                reader.Expect(':');
            }

            if (names.Count == most || !names.TryAdd(number, reader.Quoted()))
            {
                throw reader.Damaged(names.Count == most ? $"more than {most} names" : $"the number {number} twice");
            }

            if (!reader.TryTake(','))
            {
                break;
            }
        }

        reader.Expect(keyed ? '}' : ']');
        reader.End();
        return names.Count > 0 && names.Keys.Last() == names.Count - 1
            ? [.. names.Values]
            : throw reader.Damaged(names.Count == 0 ? "no names" : $"{names.Count} names numbered up to {names.Keys.Last()}: they must be numbered from 0 without a gap");
    }

    /// <summary>Reads a list of whole numbers, or one number.</summary>
    /// <param name="key">What messages call it.</param>
    /// <param name="text">The text.</param>
    /// <param name="most">The most numbers that are taken.</param>
    /// <exception cref="DataException">It is neither.</exception>
    public static int[] Numbers(string key, string text, int most)
    {
        var reader = new PythonText(key, text);
        List<int> numbers = [];
        bool list = reader.TryTake('[') || reader.TryTake('(');
        do
        {
            if (numbers.Count == most)
            {
                throw reader.Damaged($"more than {most} numbers");
            }

            numbers.Add(reader.Number());
        }
        while (list && reader.TryTake(','));
        if (list && !reader.TryTake(']'))
        {
            reader.Expect(')');
        }

        reader.End();
        return [.. numbers];
    }

    /// <summary>Writes class names as Python writes them.</summary>
    /// <param name="names">The names, by class.</param>
    public static string Write(IReadOnlyList<string> names)
    {
        var text = new StringBuilder("{");
        for (int i = 0; i < names.Count; i++)
        {
            char quote = names[i].Contains('\'', StringComparison.Ordinal) && !names[i].Contains('"', StringComparison.Ordinal) ? '"' : '\'';
            text.Append(i > 0 ? ", " : "").Append(CultureInfo.InvariantCulture, $"{i}: ").Append(quote);
            foreach (char one in names[i])
            {
                _ = one == quote || one == '\\' ? text.Append('\\').Append(one)
                    : one < ' ' || one == '\x7f' ? text.Append(CultureInfo.InvariantCulture, $"\\x{(int)one:x2}")
                    : text.Append(one);
            }

            text.Append(quote);
        }

        return text.Append('}').ToString();
    }

    private char Peek()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }

        return _at < _text.Length ? _text[_at] : '\0';
    }

    private bool TryTake(char wanted)
    {
        bool found = Peek() == wanted;
        _at += found ? 1 : 0;
        return found;
    }

    private void Expect(char wanted)
    {
        if (!TryTake(wanted))
        {
            throw Damaged($"'{wanted}' was expected");
        }
    }

    private void End()
    {
        if (Peek() != '\0' || _at < _text.Length)
        {
            throw Damaged("the end was expected");
        }
    }

    private int Number()
    {
        Peek();
        int start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
        {
            _at++;
        }

        return int.TryParse(_text.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw Damaged("a whole number was expected");
    }

    private string Quoted()
    {
        char quote = Peek();
        if (quote is not ('\'' or '"'))
        {
            throw Damaged("a quoted name was expected");
        }

        var name = new StringBuilder();
        for (_at++; _at < _text.Length && _text[_at] != quote; _at++)
        {
            name.Append(_text[_at] == '\\' ? Escape() : _text[_at]);
        }

        Expect(quote);
        return name.ToString();
    }

    /// <summary>The character that a backslash and what follows stand for; the last character read is the current one.</summary>
    private string Escape()
    {
        char kind = ++_at < _text.Length ? _text[_at] : '\0';
        int digits = kind switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits == 0)
        {
            return kind switch { 'n' => "\n", 't' => "\t", 'r' => "\r", '\\' or '\'' or '"' => kind.ToString(), _ => throw Damaged("an unknown escape") };
        }

        if (_at + digits >= _text.Length || !int.TryParse(_text.AsSpan(_at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code) || !Rune.IsValid(code))
        {
            throw Damaged($"{digits} hexadecimal digits of a character were expected");
        }

        _at += digits;
        return char.ConvertFromUtf32(code);
    }

    private readonly DataException Damaged(string what) => new($"The model's metadata is damaged: '{_key}', character {_at + 1}: {what}.");
}
