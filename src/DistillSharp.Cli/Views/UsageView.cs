using System.CommandLine;
using System.CommandLine.Parsing;
using DistillSharp.Graph;

namespace DistillSharp.Cli.Views;

/// <summary>Tells what is wrong with a command line, what was expected, and what was probably meant.</summary>
internal static class UsageView
{
    public static void Print(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        string[] strange = [.. Misplaced(parsed) is { } option ? [option] : Array.Empty<string>(), .. parsed.UnmatchedTokens];
        string? unknown = strange.Length > 0 ? Unknown(command, strange) : null;
        var others = parsed.Errors.Where(error => !parsed.UnmatchedTokens.Any(token => error.Message.Contains($"'{token}'", StringComparison.Ordinal))).Select(Message);

        // Where a word was not understood at all, what seems to be missing is mostly that word.
        foreach (string message in unknown is not null ? [unknown] : others.Distinct())
        {
            Console.Error.WriteLine($"distill: {message}");
        }

        Console.Error.WriteLine($"Try: distill {(command is RootCommand ? "" : command.Name + " ")}--help");
    }

    /// <summary>A misspelt option that was taken for a file's name; after <c>--</c> everything is a name.</summary>
    public static string? Misplaced(ParseResult parsed) => parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)
        ? null
        : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value)
            .FirstOrDefault(value => value.StartsWith("--", StringComparison.Ordinal));

    private static string Unknown(Command command, IReadOnlyList<string> tokens)
    {
        string token = tokens.FirstOrDefault(token => token.StartsWith('-')) ?? tokens[0];
        if (command is RootCommand && !token.StartsWith('-'))
        {
            string[] commands = [.. command.Subcommands.Where(one => !one.Hidden).Select(one => one.Name)];
            return $"There is no command '{token}'. {Hint(token, commands)}";
        }

        if (token.StartsWith('-'))
        {
            string name = token.Split('=', ':')[0];
            string[] options = [.. command.Options.Where(one => !one.Hidden).Select(one => one.Name)];
            if (options.All(option => option == "--help"))
            {
                return $"{Name(command)} has no option '{name}': it takes none but --help.";
            }

            return $"{Name(command)} has no option '{name}'. {Hint(name, options)}";
        }

        return $"{Name(command)} does not know what to do with '{token}'.";
    }

    private static string Message(ParseError error)
    {
        var result = error.SymbolResult is ArgumentResult { Parent: OptionResult parent } ? parent : error.SymbolResult;
        if (result is OptionResult { Option: var option, Tokens: [var given] } && Wanted(option.ValueType) is { } wanted)
        {
            return $"{option.Name} takes {wanted}, but '{given.Value}' was given.";
        }

        return result is OptionResult { Option: var bare, Tokens: [] } && bare.ValueType != typeof(bool) && error.Message.Contains("argument missing", StringComparison.Ordinal)
            ? $"{bare.Name} needs a value."
            : error.Message;
    }

    private static string? Wanted(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(int) || type == typeof(long) ? "a whole number" : type == typeof(double) ? "a number" : null;
    }

    private static string Name(Command command) => command is RootCommand ? "distill" : $"'{command.Name}'";

    private static string Hint(string word, IReadOnlyList<string> known) =>
        NearMiss.Of(word, known) is { } near ? $"Did you mean '{near}'?" : $"There are {string.Join(", ", known)}.";
}
