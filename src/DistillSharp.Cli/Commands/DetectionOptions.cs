using System.CommandLine;
using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Runtime;

namespace DistillSharp.Cli.Commands;

/// <summary>The options of <c>distill predict</c> with a detector.</summary>
internal sealed class DetectionOptions
{
    private readonly Option<float> _confidence = new("--conf") { Description = "What a box's confidence must exceed", HelpName = "SHARE", DefaultValueFactory = _ => 0.25f };
    private readonly Option<float> _iou = new("--iou") { Description = "The overlap by which a surer box drops another", HelpName = "SHARE", DefaultValueFactory = _ => 0.7f };
    private readonly Option<int?> _size = new("--imgsz") { Description = "The side that pictures are scaled to (default: what the file says, else 640)", HelpName = "N" };
    private readonly Option<string?> _classes = new("--classes") { Description = "Only these classes, by name or number: person,bus or 0,5", HelpName = "LIST" };
    private readonly Option<int> _most = new("--max-det") { Description = "The most boxes of a picture", HelpName = "N", DefaultValueFactory = _ => 300 };
    private readonly Option<bool> _agnostic = new("--agnostic") { Description = "Boxes of different classes drop each other too" };
    private readonly Option<string?> _folder = new("--out") { Description = "The folder for drawn pictures (default runs/predict)", HelpName = "FOLDER" };
    private readonly Option<bool> _text = new("--save-txt") { Description = "Write labels/NAME.txt too: class, x, y, width, height as shares" };
    private readonly Option<bool> _json = new("--save-json") { Description = "Write predictions.json too" };
    private readonly Option<bool> _crops = new("--save-crops") { Description = "Write each box as a picture too: crops/CLASS/NAME.png" };

    private IEnumerable<Option> All => [_confidence, _iou, _size, _classes, _most, _agnostic, _folder, _text, _json, _crops];

    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Fails where one of them was typed, though the model is none that finds boxes.</summary>
    public bool Refuse(ParseResult parsed) => OptionUse.Refuse(parsed, "detectors, and this model is none: neither its card nor its output says so", All);

    /// <summary>What was typed, as the model's classes make it out. The session is disposed where it cannot be.</summary>
    public DetectorPredictionOptions Read(ParseResult parsed, ModelSession session)
    {
        try
        {
            return new()
            {
                Predictor = new()
                {
                    ImageSize = parsed.GetValue(_size),
                    Suppression = new()
                    {
                        Confidence = parsed.GetValue(_confidence),
                        Iou = parsed.GetValue(_iou),
                        MaxDetections = parsed.GetValue(_most),
                        ClassAgnostic = parsed.GetValue(_agnostic),
                        Classes = Classes(parsed.GetValue(_classes), session.Card?.ClassNames ?? []),
                    },
                },
                Folder = parsed.GetValue(_folder),
                Text = parsed.GetValue(_text),
                Json = parsed.GetValue(_json),
                Crops = parsed.GetValue(_crops),
            };
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static IReadOnlyList<int> Classes(string? text, IReadOnlyList<string> names)
    {
        if (text is null)
        {
            return [];
        }

        List<int> classes = [];
        foreach (string one in text.Split(',', StringSplitOptions.TrimEntries))
        {
            // A name may be a number; names come first.
            int found = Enumerable.Range(0, names.Count).FirstOrDefault(i => names[i] == one, -1);
            if (found < 0 && !(int.TryParse(one, NumberStyles.None, CultureInfo.InvariantCulture, out found) && (names.Count == 0 || found < names.Count)))
            {
                throw new ArgumentException($"--classes names '{one}', which the model does not know.{(NearMiss.Of(one, names) is { } near ? $" Did you mean '{near}'?" : names.Count > 0 ? $" It knows {names.Count} classes: {string.Join(", ", names.Take(10))}{(names.Count > 10 ? ", ..." : "")}." : " Its file names no classes: give their numbers.")}");
            }

            classes.Add(found);
        }

        return classes;
    }
}
