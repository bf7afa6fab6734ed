using System.CommandLine;
using System.Globalization;
using DistillSharp.Cli.Views;
using DistillSharp.Detection;
using DistillSharp.Recipes;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill run RECIPE</c>: the whole job.</summary>
internal static class RunCommand
{
    public static Command Build()
    {
        var recipe = new Argument<string?>("recipe") { Description = "The recipe, a YAML file", Arity = ArgumentArity.ZeroOrOne };
        var set = new Option<string[]>("--set") { Description = "Change a value: training.epochs=5", HelpName = "KEY=VALUE", AllowMultipleArgumentsPerToken = false };
        var seeds = new Option<int?>("--seeds") { Description = "The number of seeds; the gain is told with its spread", HelpName = "N" };
        var seed = new Option<long?>("--seed") { Description = "The first seed", HelpName = "N" };
        var epochs = new Option<int?>("--epochs") { Description = "Epochs of the student and, unless it has its own, of the teacher", HelpName = "N" };
        var batch = new Option<int?>("--batch") { Description = "The batch size", HelpName = "N" };
        var device = new Option<string?>("--device") { Description = "cpu, cuda or cuda:1", HelpName = "DEVICE" };
        var workers = new Option<int?>("--workers") { Description = "Threads that decode and augment ahead", HelpName = "N" };
        var unlabelled = new Option<string?>("--unlabelled") { Description = "Pictures without labels that the teacher labels", HelpName = "FOLDER" };
        var root = CommonOptions.DataRoot();
        var outFolder = CommonOptions.Out();
        var resume = new Option<string?>("--resume") { Description = "Go on with an interrupted run", HelpName = "RUN" };
        var print = new Option<bool>("--print") { Description = "Print the whole recipe, every default written out, and stop" };
        var command = new Command("run", "Run a recipe: teacher, control, distilled student, report") { recipe, set, seeds, seed, epochs, batch, device, workers, unlabelled, root, outFolder, resume, print };
        command.OnRun((parsed, cancellation) =>
        {
            string? folder = parsed.GetValue(resume);
            string? path = parsed.GetValue(recipe);
            if ((path is null) == (folder is null))
            {
                throw new ArgumentException("Give a recipe (distill run RECIPE), or a run to go on with (distill run --resume RUN).");
            }

            if (DetectionRecipe.Is(path ?? Path.Combine(folder!, "recipe.yaml")))
            {
                (string, object?)[] said =
                [
                    ("seeds", parsed.GetValue(seeds)), ("unlabelled.folder", parsed.GetValue(unlabelled)), ("seed", parsed.GetValue(seed)), ("training.epochs", parsed.GetValue(epochs)), ("training.batch", parsed.GetValue(batch)), ("device", parsed.GetValue(device)), ("workers", parsed.GetValue(workers)),
                ];
                return DetectorTraining.Run(path, folder, said, parsed.GetValue(set) ?? [], parsed.GetValue(root), parsed.GetValue(outFolder), parsed.GetValue(print), cancellation);
            }

            List<string> changes = [.. parsed.GetValue(set) ?? []];
            void Change(string key, object? value)
            {
                if (value is not null)
                {
                    changes.Add(string.Create(CultureInfo.InvariantCulture, $"{key}={value}"));
                }
            }

            Change("seeds", parsed.GetValue(seeds));
            Change("seed", parsed.GetValue(seed));
            Change("training.epochs", parsed.GetValue(epochs));
            Change("training.batch", parsed.GetValue(batch));
            Change("device", parsed.GetValue(device));
            Change("data.workers", parsed.GetValue(workers));
            Change("data.unlabelled", parsed.GetValue(unlabelled) is { } others ? $"\"{Path.GetFullPath(others)}\"" : null);
            Change("data.root", parsed.GetValue(root) is { } given ? $"\"{Path.GetFullPath(given)}\"" : null);
            if (folder is not null && changes.Count > 0)
            {
                throw new ArgumentException("A run goes on with the recipe it was started with; --resume takes no changes.");
            }

            if (folder is not null && !Directory.Exists(folder))
            {
                throw new ArgumentException($"The run '{folder}' does not exist.");
            }

            if (path is not null && !File.Exists(path))
            {
                throw new ArgumentException($"The recipe '{path}' does not exist.");
            }

            var read = RecipeReader.Load(path ?? Path.Combine(folder!, "recipe.yaml"), changes);
            if (parsed.GetValue(print))
            {
                Console.Out.Write(RecipeWriter.Write(read));
                return CommandLine.Done;
            }

            string repeat = $"distill run {Quote(path ?? Near(Path.Combine(folder!, "recipe.yaml")))}{string.Concat(changes.Select(change => $" --set {Quote(change)}"))}";
            return Execute(read, new() { Folder = folder ?? parsed.GetValue(outFolder), Resume = folder is not null, Command = repeat }, cancellation);
        });
        return command;
    }

    /// <summary>Runs a recipe with progress on the screen, and shows the table.</summary>
    public static int Execute(Recipe recipe, DistillerOptions options, CancellationToken cancellation)
    {
        using var view = ProgressView.Create();
        DistillerResult result;
        try
        {
            result = view.Show(() => Distiller.Run(
                recipe,
                options with { Observers = [view.Observer], Log = view, Downloads = view.Downloads, ProbeCommand = ProbeCommand.OwnProcess },
                cancellation));
        }
        catch (OperationCanceledException) when (view.Folder is { } folder)
        {
            Console.Error.WriteLine($"distill: interrupted. Go on with: distill run --resume {Quote(Near(folder))}");
            throw;
        }

        ReportView.Print(result.Report);
        Console.Out.WriteLine($"\nreport   {Near(result.Folder.HtmlReport)}");
        Console.Out.WriteLine($"student  {Near(result.StudentPath)}");
        SummaryView.Print(result);
        return CommandLine.Done;
    }

    /// <summary>A path as it is typed from here: relative where it lies below.</summary>
    public static string Near(string path)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    /// <summary>A word as a shell takes it whole.</summary>
    public static string Quote(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || "-_./=:,".Contains(c, StringComparison.Ordinal)) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
