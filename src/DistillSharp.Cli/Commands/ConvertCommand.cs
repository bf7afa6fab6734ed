using System.CommandLine;
using DistillSharp.Cli.Conversion;
using DistillSharp.Cli.Views;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Format;
using DistillSharp.Runtime.Comparison;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill convert MODEL --out FILE</c>: graph passes from the command line, with a comparison of before and after.</summary>
internal static class ConvertCommand
{
    private const double Exact = 1e-3, Rounded = 5e-2;

    public static Command Build()
    {
        var options = new ConvertOptions();
        var command = new Command("convert", "Rewrite a model file: fold, cut, rename, free the batch, halve, and compare the outputs");
        options.AddTo(command);
        command.OnRun((parsed, _) => Run(parsed, options));
        return command;
    }

    private static int Run(ParseResult parsed, ConvertOptions options)
    {
        string path = parsed.GetValue(options.Model)!, target = parsed.GetValue(options.Out)!;
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The model '{path}' does not exist.");
        }

        OutputFile.RefuseUnwritable(target, "Nothing was converted.", path);
        double? told = parsed.GetValue(options.Tolerance) is { } share ? share is >= 0 and <= 1 ? share : throw new ArgumentException("--tolerance is a share from 0 to 1.") : null;
        var before = OnnxFile.Load(path);
        var plan = options.Plan(parsed, before);
        if (plan.Steps.Count == 0 && parsed.GetValue(options.Names) is null && !options.Pictures.Any(parsed))
        {
            throw new ArgumentException("There is nothing to do: name a pass with --pass (distill list passes), or one of the other changes (distill convert --help).");
        }

        var trial = options.Trial.Of(parsed, batch: 1);
        var result = plan.Apply(before);
        string? card = CardWriter.Write(result.Graph, plan, parsed.GetValue(options.Names), (options.Pictures.Size(parsed), options.Pictures.Mean(parsed), options.Pictures.Std(parsed)));
        RequireValid(before, result.Graph);
        ConvertView.Changes(result.Changes, card);
        double tolerance = told ?? (plan.Effect == Effect.Rounds ? Rounded : Exact);
        bool sound = parsed.GetValue(options.NoCheck) || Compare(new(before, result.Graph, plan, trial), tolerance, told is null && plan.Effect == Effect.Rounds);
        if (!sound)
        {
            Console.Error.WriteLine($"distill: the outputs changed by more than a share of {tolerance}, so '{target}' was not written. Leave the pass out, allow more with --tolerance, or write it all the same with --no-check.");
            return CommandLine.Failed;
        }

        OnnxFile.Save(result.Graph, target);
        ConvertView.Table(before, result.Graph, target);
        return CommandLine.Done;
    }

    /// <summary>Compares the outputs.</summary>
    /// <returns>Whether the file may be written.</returns>
    private static bool Compare(ConversionCheck check, double tolerance, bool onlyWarn)
    {
        IReadOnlyList<OutputDifference> differences;
        try
        {
            (differences, string fed) = check.Run();
            ConvertView.Differences(differences, fed);
        }
        catch (GraphException error)
        {
            Console.Error.WriteLine($"distill: warning: the outputs were not compared: {error.Message}");
            return true;
        }

        bool within = differences.All(difference => difference.Relative <= tolerance);
        if (!within && onlyWarn)
        {
            Console.Error.WriteLine($"distill: warning: the outputs changed by more than a share of {tolerance}. Score both files (distill val) before using the new one.");
        }

        return within || onlyWarn;
    }

    /// <summary>A pass must not break what was sound; what a stranger's file broke before stays its own.</summary>
    private static void RequireValid(ModelGraph before, ModelGraph after)
    {
        var broken = GraphChecker.Check(after).Where(problem => problem.IsError).ToList();
        if (broken.Count > 0 && !GraphChecker.Check(before).Any(problem => problem.IsError))
        {
            throw new GraphException($"What came out is no valid ONNX model, so nothing was written: {broken[0].Message}");
        }
    }
}
