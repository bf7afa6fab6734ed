using System.CommandLine;
using DistillSharp.Runtime.Comparison;

namespace DistillSharp.Cli.Commands;

/// <summary>The options that say what a model is fed when it is only tried.</summary>
internal sealed class TrialChoice
{
    private readonly Option<string[]> _shapes = new("--shape") { Description = "The shape of an input, where the file leaves a size free: input=1x3x224x224 (repeatable)", HelpName = "NAME=SIZES" };
    private readonly Option<int?> _imageSize = new("--imgsz") { Description = "The pictures' side, where the file leaves it free (default: the card's)", HelpName = "N" };

    public void AddTo(Command command)
    {
        command.Options.Add(_shapes);
        command.Options.Add(_imageSize);
    }

    public TrialOptions Of(ParseResult parsed, int batch)
    {
        const string wanted = "a name and sizes, such as input=1x3x224x224";
        var pairs = NumberList.Pairs(_shapes.Name, wanted, parsed.GetValue(_shapes) ?? []);
        return new()
        {
            Batch = batch,
            ImageSize = parsed.GetValue(_imageSize),
            Shapes = pairs.ToDictionary(pair => pair.Key, pair => NumberList.Sizes(pair.Value) ?? throw new ArgumentException($"{_shapes.Name} takes {wanted}, but '{pair.Key}={pair.Value}' was given."), StringComparer.Ordinal),
        };
    }
}
