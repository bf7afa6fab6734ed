using System.CommandLine;
using DistillSharp.Tasks.Detection;

namespace DistillSharp.Cli.Commands;

/// <summary>The options of <c>distill val</c> with a detector.</summary>
internal sealed class ValidationOptions
{
    private readonly Option<float> _confidence = new("--conf") { Description = "What a box's confidence must exceed (detectors)", HelpName = "SHARE", DefaultValueFactory = _ => 0.001f };
    private readonly Option<float> _iou = new("--iou") { Description = "The overlap by which a surer box drops another (detectors)", HelpName = "SHARE", DefaultValueFactory = _ => 0.7f };
    private readonly Option<int> _most = new("--max-det") { Description = "The most boxes of a picture (detectors)", HelpName = "N", DefaultValueFactory = _ => 300 };
    private readonly Option<string?> _json = new("--json") { Description = "Write the score to a file (detectors)", HelpName = "FILE" };
    private readonly Option<string?> _plots = new("--plots") { Description = "Draw curves, confusions and the first batches into a folder (detectors)", HelpName = "FOLDER" };

    private IEnumerable<Option> All => [_confidence, _iou, _most, _json, _plots];

    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Fails where one of them was typed, though the model is none that finds boxes.</summary>
    public void Refuse(ParseResult parsed) => OptionUse.Refuse(parsed, "detectors, and this model is none: neither its card nor its output says so", All);

    /// <summary>What was typed.</summary>
    public (NonMaxSuppressionOptions Suppression, string? Json, string? Plots) Read(ParseResult parsed)
    {
        string? json = parsed.GetValue(_json);
        OutputFile.RefuseUnwritable(json, "Nothing was scored.");
        return (new() { Confidence = parsed.GetValue(_confidence), Iou = parsed.GetValue(_iou), MaxDetections = parsed.GetValue(_most), MultiLabel = true }, json, parsed.GetValue(_plots));
    }
}
