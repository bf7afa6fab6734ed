namespace DistillSharp.Losses.Text;

/// <summary>Two of a layer's queries (0), keys (1) and values (2), whose products are compared.</summary>
/// <param name="From">Whose rows attend.</param>
/// <param name="To">Whose rows are attended to.</param>
internal readonly record struct MiniLmRelation(int From, int To)
{
    private static readonly string[] s_names = ["query", "key", "value"];

    /// <summary>Reads <c>query-key</c>, <c>q-k</c> or <c>1-2</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The text is none of these.</exception>
    public static MiniLmRelation Parse(string text, string option)
    {
        string[] parts = (text ?? "").Split('-');
        return parts.Length == 2 && Find(parts[0]) is var from and >= 0 && Find(parts[1]) is var to and >= 0
            ? new(from, to)
            : throw new ArgumentOutOfRangeException(option, text, "A relation is two of query, key and value (or 1, 2 and 3) with a hyphen between: 'query-key', '3-3'.");
    }

    private static int Find(string part)
    {
        string word = part.Trim();
        return word is "1" or "2" or "3" ? word[0] - '1' : Array.FindIndex(s_names, name => word == name || word == name[..1]);
    }

    /// <summary>As a recipe writes it.</summary>
    public override string ToString() => $"{s_names[From]}-{s_names[To]}";
}
