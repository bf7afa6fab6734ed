using System.Globalization;
using System.Text;
using System.Text.Json;
using DistillSharp.Plugins;
using DistillSharp.Recipes;

namespace DistillSharp.Reports;

/// <summary>What a comparison of methods came to.</summary>
public sealed record ComparisonReport
{
    /// <summary>What data it was run on, and how it was split.</summary>
    public required string Data { get; init; }

    /// <summary>The student's model.</summary>
    public required string Student { get; init; }

    /// <summary>The teacher's model, or the name of its file where it was not trained here.</summary>
    public required string Teacher { get; init; }

    /// <summary>The teacher's top-1 on the test samples, 0 to 1.</summary>
    public required double TeacherTop1 { get; init; }

    /// <summary>The epochs of each student.</summary>
    public required int Epochs { get; init; }

    /// <summary>The seeds.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>The control first, then the methods in the order they were given.</summary>
    public required IReadOnlyList<ComparisonRow> Rows { get; init; }

    /// <summary>The machine it ran on.</summary>
    public required MachineReport Machine { get; init; }

    /// <summary>Puts a comparison together.</summary>
    /// <param name="teacher">The teacher's run; null where it is a finished file.</param>
    /// <param name="control">The control's run.</param>
    /// <param name="methods">The methods' runs.</param>
    /// <param name="plugins">Where losses are found.</param>
    public static ComparisonReport Of(RunReport? teacher, RunReport control, IReadOnlyList<(Recipe Recipe, RunReport Report)> methods, PluginCatalogs plugins)
    {
        ArgumentNullException.ThrowIfNull(control);
        ArgumentNullException.ThrowIfNull(methods);
        var student = control.Variants[0];
        var taught = teacher?.Variants[0] ?? methods[0].Report.Find("teacher")!;
        return new()
        {
            Data = $"{control.Data}: {control.Split}",
            Student = student.Model,
            Teacher = taught.Model,
            TeacherTop1 = taught.Seeds[0].Score.Top1,
            Epochs = student.Seeds[0].Curve.Count,
            Seeds = control.Seeds,
            Machine = control.Machine,
            Rows = [Row("control", "hard labels alone", student, null), .. methods.Select(method => Row(method.Recipe.Name, Terms(method.Recipe, plugins), method.Report.Find("distilled")!, GainReport.Of(student, method.Report.Find("distilled")!, taught)))],
        };
    }

    /// <summary>The report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Options);

    /// <summary>The report as a page of Markdown.</summary>
    public string ToMarkdown()
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"{Data}. Student {Student}, teacher {Teacher} ({100 * TeacherTop1:0.00} % top-1), {Epochs} epochs each, seeds {string.Join(", ", Seeds)}.\n\n");
        page.Append("| method | terms | top-1 %, mean ± standard deviation | points against the control (95 % interval) | better in | parameters | seconds an epoch | top-1 % of each seed |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |\n");
        foreach (var row in Rows)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {row.Terms} | {row.Figures()} | {row.Against?.Figures()} | {row.BetterIn()} | {row.Parameters:#,0} | {row.SecondsAnEpoch:0.0} | {string.Join(", ", row.Top1.Select(value => value.ToString("0.00", CultureInfo.InvariantCulture)))} |\n");
        }

        page.Append(CultureInfo.InvariantCulture, $"\n{Verdict()} {Method()} Machine: {Machine.Processor}, {Machine.Cores} cores.\n");
        return page.ToString();
    }

    /// <summary>What the table says of the methods against the control: which help, which hurt, and of which it cannot tell.</summary>
    public string Verdict()
    {
        (GainAnswer Answer, string Words)[] answers =
        [
            (GainAnswer.Helps, "Helps"), (GainAnswer.Unclear, "No clear difference"), (GainAnswer.Hurts, "Hurts"), (GainAnswer.Open, Seeds.Count == 1 ? "No verdict from one seed" : "No verdict"),
        ];
        string[] parts = [.. answers
            .Select(one => (one.Words, Names: Rows.Where(row => row.Against?.Answer == one.Answer).Select(row => row.Name).ToList()))
            .Where(one => one.Names.Count > 0)
            .Select(one => $"{one.Words}: {string.Join(", ", one.Names)}.")];
        string[] caveats = [.. Rows.Select(row => row.Against?.Caveat ?? "").Where(caveat => caveat.Length > 0).Distinct()];
        return parts.Length > 0 ? string.Join(' ', [.. parts, .. caveats]) : "Nothing was compared.";
    }

    /// <summary>How the intervals and answers are made, in a sentence or two.</summary>
    public string Method() =>
        (Seeds.Count > 1 ? "The intervals are paired t-intervals over the seeds; a method helps where its interval lies above 0. ± is the standard deviation over the seeds (n - 1)."
            : "The intervals are over the test samples and speak of these models alone.")
        + (Rows.Count > 2 ? " Each method is judged alone: of many that do nothing, one in 40 would seem to help." : "");

    private static string Terms(Recipe recipe, PluginCatalogs plugins) =>
        string.Join(" + ", DistillationText.Losses(recipe.Distillation.Losses, plugins.WithFiles(recipe.Plugins)).Prepend(string.Create(CultureInfo.InvariantCulture, $"{recipe.Distillation.Hard:0.####} hard")));

    private static ComparisonRow Row(string name, string terms, VariantReport variant, Gain? against)
    {
        double[] top1 = [.. variant.Seeds.Select(seed => 100 * seed.Score.Top1)];
        var own = Spread.Of(top1);
        return new()
        {
            Name = name,
            Terms = terms,
            Top1 = top1,
            Mean = own.Mean,
            Deviation = own.Deviation,
            Against = against,
            Parameters = variant.Parameters,
            SecondsAnEpoch = variant.Seeds.Average(seed => seed.TrainSeconds / Math.Max(1, seed.Curve.Count)),
        };
    }
}

/// <summary>A method's line in a comparison.</summary>
public sealed record ComparisonRow
{
    /// <summary>The recipe's name; <c>control</c> for the hard labels alone.</summary>
    public required string Name { get; init; }

    /// <summary>The terms with their weights.</summary>
    public required string Terms { get; init; }

    /// <summary>Top-1 on the test samples, in percent, seed by seed.</summary>
    public required IReadOnlyList<double> Top1 { get; init; }

    /// <summary>Their mean.</summary>
    public required double Mean { get; init; }

    /// <summary>Their standard deviation (n - 1).</summary>
    public required double Deviation { get; init; }

    /// <summary>What it gained over the control of the same seeds; null for the control.</summary>
    public Gain? Against { get; init; }

    /// <summary>Parameters of the student's file, which a method may make larger.</summary>
    public required long Parameters { get; init; }

    /// <summary>Seconds of training an epoch, the mean of the seeds.</summary>
    public required double SecondsAnEpoch { get; init; }

    /// <summary>Its top-1 as tables show it: with several seeds mean ± standard deviation.</summary>
    public string Figures() => Top1.Count > 1 ? FormattableString.Invariant($"{Mean:0.00} ± {Deviation:0.00}") : FormattableString.Invariant($"{Mean:0.00}");

    /// <summary>With how many seeds it is better than the control: <c>3 of 3</c>; empty for the control.</summary>
    public string BetterIn() => Against is { } gain ? $"{gain.Wins} of {gain.Points.Count}" : "";
}
