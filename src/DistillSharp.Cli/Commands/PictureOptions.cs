using System.CommandLine;

namespace DistillSharp.Cli.Commands;

/// <summary>The options that tell what pictures a file wants: what a card says where there is one.</summary>
/// <param name="prefix">What the options begin with: <c>--teacher</c>; empty for <c>--size</c>, <c>--mean</c> and <c>--std</c>.</param>
/// <param name="whose">Whose pictures they are, for the help.</param>
/// <param name="fallback">What holds without them, for the help.</param>
internal sealed class PictureOptions(string prefix, string whose, string fallback)
{
    private readonly Option<string?> _size = new(Name(prefix, "size")) { Description = $"The height and width of pictures that {whose} wants, or one number (default: {(prefix.Length > 0 ? "what it or its card says" : fallback)})", HelpName = "HxW" };
    private readonly Option<string?> _mean = new(Name(prefix, "mean")) { Description = $"The mean that {whose} subtracts, of pixels 0 to 1 (default: {fallback})", HelpName = "M,M,M" };
    private readonly Option<string?> _std = new(Name(prefix, "std")) { Description = $"The deviation that {whose} divides by, of pixels 0 to 1 (default: {fallback})", HelpName = "S,S,S" };

    public void AddTo(Command command)
    {
        command.Options.Add(_size);
        command.Options.Add(_mean);
        command.Options.Add(_std);
    }

    public bool Any(ParseResult parsed) => parsed.GetValue(_size) is not null || parsed.GetValue(_mean) is not null || parsed.GetValue(_std) is not null;

    /// <summary>Height and width, or one number.</summary>
    public IReadOnlyList<int>? Size(ParseResult parsed) =>
        parsed.GetValue(_size) is not { } text ? null
        : NumberList.Sizes(text) is { Count: 1 or 2 } sizes ? [.. sizes.Select(size => (int)Math.Min(size, int.MaxValue))]
        : throw new ArgumentException($"{_size.Name} takes a size such as 224 or 224x320, but '{text}' was given.");

    public IReadOnlyList<double>? Mean(ParseResult parsed) => Numbers(parsed, _mean);

    public IReadOnlyList<double>? Std(ParseResult parsed) => Numbers(parsed, _std);

    /// <summary>Refuses options that nothing would heed.</summary>
    public void RefuseWithout(ParseResult parsed, bool there, string needed)
    {
        if (!there && Any(parsed))
        {
            throw new ArgumentException($"{_size.Name}, {_mean.Name} and {_std.Name} tell about a file, which is missing: {needed}.");
        }
    }

    private static IReadOnlyList<double>? Numbers(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is not { } text ? null
        : NumberList.Numbers(text) ?? throw new ArgumentException($"{option.Name} takes numbers with commas between, such as 0.485,0.456,0.406, but '{text}' was given.");

    private static string Name(string prefix, string what) => prefix.Length > 0 ? $"{prefix}-{what}" : $"--{what}";
}
