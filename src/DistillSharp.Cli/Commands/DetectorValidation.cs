using System.Globalization;
using DistillSharp.Cli.Views;
using DistillSharp.Detection;
using DistillSharp.Detection.Data;
using DistillSharp.Runs;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Drawing;

namespace DistillSharp.Cli.Commands;

/// <summary>Scores a detector on a set's validation pictures.</summary>
internal static class DetectorValidation
{
    private const int Side = 640;

    public static int Run(ModelSession session, string model, ValidationData data, (NonMaxSuppressionOptions Suppression, string? Json, string? Plots) options, CancellationToken cancellation)
    {
        if (data.ImageSize is { } asked && session.InputShape.Skip(2).Any(side => side is { } told && told != asked))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"--imgsz {asked} was asked for, but the model's file fixes {session.InputShape[2]} x {session.InputShape[3]}. Leave it out."));
        }

        var set = DetectionData.Open(data.Data, new() { Location = new() { Root = data.Root } }, cancellation);
        foreach (string remark in set.Remarks)
        {
            Console.Error.WriteLine(remark);
        }

        var loading = new DistillSharp.Tasks.Detection.Data.DetectionLoaderOptions
        {
            ImageSize = data.ImageSize ?? session.InputShape[2] ?? session.Card?.Input.Height ?? Side,
            BatchSize = data.Batch ?? 16,
            Workers = data.Workers,
            SkipBad = data.SkipBad,
            CacheBytes = 0,
        };
        var order = ClassOrder.Of(session.Card?.ClassNames, set.ClassNames, $"'{model}'");
        ClassOrderView.Print(order);
        var sheets = options.Plots is { } plots ? new BatchSheets(plots, label => label < set.ClassNames.Count ? set.ClassNames[label] : $"class {label}") : null;
        var result = DetectionEvaluator.Evaluate(
            session,
            set.Validation,
            set.ClassNames.Count,
            loading,
            new() { Suppression = options.Suppression, Observer = sheets, Classes = ClassMapping.Of(order) },
            cancellation: cancellation);
        foreach (string bad in result.BadPictures)
        {
            Console.Error.WriteLine($"skipped: {bad}");
        }

        DetectionScoreView.Print(result.Score, result.Speed, set.ClassNames);
        if (result.Score.Unusable > 0)
        {
            Console.Error.WriteLine($"distill: {result.Score.Unusable} boxes were left out, since their confidence or place is no number: the model is broken.");
        }

        if (options.Json is { } json)
        {
            RunFolder.WriteWhole(json, DetectionScoreJson.Of(set.Name, result, set.ClassNames));
            Console.Out.WriteLine($"score  {json}");
        }

        if (sheets is not null)
        {
            DetectionPlots.Save(result.Score, sheets.NameOf, sheets.Folder);
            Console.Out.WriteLine($"plots  {sheets.Folder}");
        }

        return CommandLine.Done;
    }
}
