using System.Globalization;
using System.Text;

namespace DistillSharp.Recipes;

/// <summary>One mistake in a recipe.</summary>
/// <param name="Source">The file, or the override.</param>
/// <param name="Line">The 1-based line; 0 where the mistake has none.</param>
/// <param name="Column">The 1-based column.</param>
/// <param name="Length">How many characters the caret underlines.</param>
/// <param name="Message">What is wrong, what was expected, what to do.</param>
/// <param name="Text">The line itself.</param>
public sealed record RecipeProblem(string Source, int Line, int Column, int Length, string Message, string Text)
{
    /// <summary>The mistake with its line and a caret under it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Source}{(Line > 0 ? $"({Line},{Column})" : "")}: error: {Message}");
        if (Text.Length > 0)
        {
            string lead = new([.. Text.Take(Math.Max(0, Column - 1)).Select(c => c == '\t' ? '\t' : ' ')]);
            text.Append(CultureInfo.InvariantCulture, $"\n  {Text}\n  {lead}{new string('^', Math.Max(1, Math.Min(Length, Text.Length - Column + 1)))}");
        }

        return text.ToString();
    }
}
