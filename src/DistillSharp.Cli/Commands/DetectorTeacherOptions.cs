using System.CommandLine;

namespace DistillSharp.Cli.Commands;

/// <summary>What <c>distill train</c> is told of a detector's teacher.</summary>
internal sealed class DetectorTeacherOptions
{
    private readonly Option<string[]> _names = new("--teacher-names") { Description = "A detector's teacher: its class names in its own order, separated by commas, or a file with one a line", HelpName = "NAMES|FILE", AllowMultipleArgumentsPerToken = false };
    private readonly Option<string[]> _losses = new("--loss") { Description = "A detector's teacher: what is distilled (distill list losses); may be repeated", HelpName = "KEY", AllowMultipleArgumentsPerToken = false };
    private readonly Option<string?> _unlabelled = new("--unlabelled") { Description = "A detector's teacher: pictures without labels that it labels", HelpName = "FOLDER" };
    private readonly Option<double?> _ratio = new("--unlabelled-ratio") { Description = "Unlabelled pictures for each labelled one (default 1)", HelpName = "N" };
    private readonly Option<bool> _noControl = new("--no-control") { Description = "A detector's teacher: do not train the student alone beside it" };

    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Add(option);
        }
    }

    /// <summary>Refuses them where no detector is taught.</summary>
    public void RefuseWithout(ParseResult parsed, bool taught)
    {
        if (!taught && All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } needless)
        {
            throw new ArgumentException($"{needless.Name} is for a detector with a teacher: give --model with a detector and --teacher FILE.");
        }
    }

    /// <summary>The settings of a recipe.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="teachers">The teachers' files or keys.</param>
    /// <param name="pictures">What pictures their files want.</param>
    public IReadOnlyList<string> Settings(ParseResult parsed, IReadOnlyList<string> teachers, PictureOptions pictures)
    {
        var said = new List<string>();
        void Say(string key, IEnumerable<string>? values)
        {
            if (values is not null && string.Join(", ", values) is { Length: > 0 } list)
            {
                said.Add($", {key}: [{list}]");
            }
        }

        Say("names", (parsed.GetValue(_names) ?? []).SelectMany(Names).Select(DetectorTraining.Quoted));
        Say("mean", pictures.Mean(parsed)?.Select(Number));
        Say("std", pictures.Std(parsed)?.Select(Number));
        if (pictures.Size(parsed) is { } size)
        {
            said.Add(size.Distinct().Count() == 1 ? $", image-size: {size[0]}" : throw new ArgumentException("A detector's teacher is given squares: --teacher-size takes one number."));
        }

        var settings = new List<string> { $"teacher=[{string.Join(", ", teachers.Select(teacher => $"{{model: {DetectorTraining.Quoted(teacher)}{string.Concat(said)}}}"))}]" };
        if (parsed.GetValue(_losses) is { Length: > 0 } losses)
        {
            settings.Add($"distillation.losses=[{string.Join(", ", losses)}]");
        }

        if (parsed.GetValue(_unlabelled) is { } folder)
        {
            settings.Add($"unlabelled.folder={DetectorTraining.Quoted(folder)}");
        }

        if (parsed.GetValue(_ratio) is { } ratio)
        {
            settings.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"unlabelled.ratio={ratio}"));
        }

        if (parsed.GetValue(_noControl))
        {
            settings.Add("control=false");
        }

        return settings;
    }

    private static string Number(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    private IEnumerable<Option> All => [_names, _losses, _unlabelled, _ratio, _noControl];

    private static IEnumerable<string> Names(string text) =>
        (File.Exists(text) ? File.ReadAllLines(text) : text.Split(',')).Select(name => name.Trim()).Where(name => name.Length > 0);
}
