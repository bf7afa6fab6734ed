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
            Rows = [Row("control", "hard labels alone", student, student), .. methods.Select(method => Row(method.Recipe.Name, Terms(method.Recipe, plugins), method.Report.Find("distilled")!, student))],
        };
    }

    /// <summary>The report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Options);

    /// <summary>The report as a page of Markdown.</summary>
    public string ToMarkdown()
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"{Data}. Student {Student}, teacher {Teacher} ({100 * TeacherTop1:0.00} % top-1), {Epochs} epochs each, seeds {string.Join(", ", Seeds)}.\n\n");
        page.Append("| method | terms | top-1 %, mean ± deviation | against the control, seed by seed | better in | parameters | seconds an epoch | top-1 % of each seed |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |\n");
        foreach (var row in Rows)
        {
            string gain = row.Name == "control" ? "" : string.Create(CultureInfo.InvariantCulture, $"{row.Gain:+0.00;-0.00;0.00} ± {row.GainDeviation:0.00}");
            string better = row.Name == "control" ? "" : $"{row.Better} of {row.Top1.Count}";
            page.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {row.Terms} | {row.Mean:0.00} ± {row.Deviation:0.00} | {gain} | {better} | {row.Parameters:#,0} | {row.SecondsAnEpoch:0.0} | {string.Join(", ", row.Top1.Select(value => value.ToString("0.00", CultureInfo.InvariantCulture)))} |\n");
        }

        page.Append(CultureInfo.InvariantCulture, $"\nDeviations are of samples (n - 1). {Verdict()} Machine: {Machine.Processor}, {Machine.Cores} cores.\n");
        return page.ToString();
    }

    /// <summary>What the table says of the methods against the control, in a sentence.</summary>
    public string Verdict()
    {
        var methods = Rows.Skip(1).ToList();
        string[] Names(Func<ComparisonRow, bool> which) => [.. methods.Where(which).Select(row => row.Name)];
        string[] always = Names(row => row.Better == row.Top1.Count), worse = Names(row => row.Gain <= 0), unclear = Names(row => row.Gain > 0 && row.Better < row.Top1.Count);
        var parts = new List<string>();
        void Tell(string[] names, string what)
        {
            if (names.Length > 0)
            {
                parts.Add($"{what}: {string.Join(", ", names)}");
            }
        }

        Tell(always, "Better than the control with every seed");
        Tell(unclear, "better in the mean but not with every seed");
        Tell(worse, "not better than the control");
        return parts.Count > 0 ? $"{string.Join("; ", parts)}." : "Nothing was compared.";
    }

    private static string Terms(Recipe recipe, PluginCatalogs plugins) =>
        string.Join(" + ", DistillationText.Losses(recipe.Distillation.Losses, plugins.WithFiles(recipe.Plugins)).Prepend(string.Create(CultureInfo.InvariantCulture, $"{recipe.Distillation.Hard:0.####} hard")));

    private static ComparisonRow Row(string name, string terms, VariantReport variant, VariantReport control)
    {
        double[] top1 = [.. variant.Seeds.Select(seed => 100 * seed.Score.Top1)], gains = [.. top1.Zip(control.Seeds, (value, seed) => value - (100 * seed.Score.Top1))];
        var (own, gain) = (Spread.Of(top1), Spread.Of(gains));
        return new()
        {
            Name = name,
            Terms = terms,
            Top1 = top1,
            Mean = own.Mean,
            Deviation = own.Deviation,
            Gain = gain.Mean,
            GainDeviation = gain.Deviation,
            Better = gains.Count(gain => gain > 0),
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

    /// <summary>The mean difference from the control of the same seed, in points.</summary>
    public required double Gain { get; init; }

    /// <summary>The standard deviation of that difference.</summary>
    public required double GainDeviation { get; init; }

    /// <summary>With how many seeds it is better than the control.</summary>
    public required int Better { get; init; }

    /// <summary>Parameters of the student's file, which a method may make larger.</summary>
    public required long Parameters { get; init; }

    /// <summary>Seconds of training an epoch, the mean of the seeds.</summary>
    public required double SecondsAnEpoch { get; init; }
}
