using System.CommandLine;

namespace DistillSharp.Cli.Commands;

/// <summary>Refuses options that would go unheeded.</summary>
internal static class OptionUse
{
    /// <summary>Fails where one of some options was typed.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="forWhat">What the options are for.</param>
    /// <param name="options">The options.</param>
    /// <returns>Always true.</returns>
    public static bool Refuse(ParseResult parsed, string forWhat, params IEnumerable<Option> options)
    {
        foreach (var option in options)
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                throw new ArgumentException($"{option.Name} is for {forWhat}. Leave it out.");
            }
        }

        return true;
    }
}
