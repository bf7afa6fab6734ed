using System.Text.RegularExpressions;
using Spectre.Console.Testing;

namespace DistillSharp.Cli.Tests.Views;

/// <summary>What a person sees: plays a console's output as a terminal does, with line ends, cursor movements, erasing and wrapping at the right edge.</summary>
internal sealed partial class Screen
{
    private readonly List<char[]> _lines = [];
    private readonly int _width;
    private int _row, _column;

    private Screen(int width) => _width = width;

    /// <summary>The lines of a console's screen, without what is blank at their ends and at the screen's end.</summary>
    public static IReadOnlyList<string> Of(TestConsole console)
    {
        var screen = new Screen(console.Profile.Width);
        string output = console.Output;
        for (int i = 0; i < output.Length; i++)
        {
            if (Control().Match(output, i) is { Success: true } control)
            {
                screen.Obey(control.Groups[2].Value[0], int.TryParse(control.Groups[1].Value.TrimStart('?'), out int number) ? number : null);
                i += control.Length - 1;
            }
            else
            {
                screen.Put(output[i]);
            }
        }

        List<string> lines = [.. screen._lines.Select(line => new string(line).TrimEnd())];
        return lines.GetRange(0, lines.FindLastIndex(line => line.Length > 0) + 1);
    }

    private void Put(char letter)
    {
        switch (letter)
        {
            case '\r':
                _column = 0;
                break;
            case '\n':
                (_row, _column) = (_row + 1, 0);
                break;
            default:
                if (_column == _width)
                {
                    (_row, _column) = (_row + 1, 0);
                }

                Line()[_column++] = letter;
                break;
        }
    }

    private void Obey(char what, int? number)
    {
        switch (what)
        {
            case 'A':
                _row = Math.Max(0, _row - (number ?? 1));
                break;
            case 'K':
                Line().AsSpan()[(number is 1 or 2 ? 0 : _column)..(number == 1 ? _column : _width)].Fill(' ');
                break;
            case 'm' or 'h' or 'l':
                break;
            default:
                throw new NotSupportedException($"The screen does not know the control sequence '{what}'.");
        }
    }

    private char[] Line()
    {
        while (_lines.Count <= _row)
        {
            _lines.Add(new string(' ', _width).ToCharArray());
        }

        return _lines[_row];
    }

    [GeneratedRegex(@"\G\e\[([?\d;]*)([A-Za-z])")]
    private static partial Regex Control();
}
