using System.Globalization;
using DistillSharp.Plugins;
using DistillSharp.Recipes;
using DistillSharp.Runtime;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Data.Formats;
using DistillSharp.Tasks.Data.Glyphs;
using DistillSharp.Teachers;
using DistillSharp.TestKit;
using DistillSharp.Training;

namespace DistillSharp.Benchmarks;

/// <summary>
/// Whether the defaults hold: recipes of three fields (data, <c>teacher: resnet8</c>, a student) over data sets, students, epochs and seeds. A row is written as soon as it is done, and a
/// row that is there already is not run again, so that the grid can be stopped, gone on with, and shared by several processes.
/// </summary>
internal static class DefaultsBenchmark
{
    private const string Teacher = "resnet8", Header = "data,student,epochs,seed,chance,teacher,control,distilled,difference,error";

    private static readonly string[] s_students = ["lenet5", "mlp", "vgg8", "resnet8", "resnet20", "shufflenet-v2"], s_two = ["lenet5", "resnet8"];
    private static readonly long[] s_seeds = [0, 1];
    private static readonly (string Data, int[] Epochs, string[] Students)[] s_sets =
        [("flowers", [2, 5, 10], s_students), ("glyphs", [2, 5, 10], s_students), ("mnist", [2], s_two), ("cifar10", [2], s_two)];

    /// <summary>Runs the part of the grid that is this process's: <c>FILE PART PARTS</c>.</summary>
    public static int Run(string file, int part, int parts)
    {
        using var teachers = new TemporaryFolder();
        foreach (var cell in Cells().Where(cell => cell.Seed % parts == part))
        {
            string key = cell.Key;
            if (Lines(file).Any(line => line.StartsWith(key + ",", StringComparison.Ordinal)))
            {
                continue;
            }

            string line = $"{key},{Measure(cell, teachers)}";
            Append(file, line);
            Console.WriteLine(line);
        }

        return 0;
    }

    /// <summary>Prints the table of what was run, and says what of it breaks the promise.</summary>
    public static int Table(string file)
    {
        int missing = 0, refused = 0, collapsed = 0, below = 0;
        Console.WriteLine("| data | student | epochs | seed | teacher % | control % | distilled % | difference | 2 s.e. |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var cell in Cells())
        {
            string[]? fields = Lines(file).FirstOrDefault(line => line.StartsWith(cell.Key + ",", StringComparison.Ordinal))?.Split(',');
            if (fields is null)
            {
                missing++;
                continue;
            }

            if (fields[5] == "refused")
            {
                refused++;
                Console.WriteLine($"| {cell.Data} | {cell.Student} | {cell.Epochs} | {cell.Seed} | at chance: refused | | | | |");
                continue;
            }

            double[] n = [.. fields[4..].Select(field => double.Parse(field, CultureInfo.InvariantCulture))];
            var (chance, control, distilled, difference, error) = (n[0], n[2], n[3], n[4], n[5]);
            collapsed += control > chance + 10 && distilled < chance + 3 ? 1 : 0;
            below += difference < -(3 + (2 * error)) ? 1 : 0;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {cell.Data} | {cell.Student} | {cell.Epochs} | {cell.Seed} | {n[1]:0.00} | {control:0.00} | {distilled:0.00} | {difference:+0.00;-0.00;0.00} | {2 * error:0.00} |"));
        }

        Console.WriteLine($"\n{Cells().Count() - missing} of {Cells().Count()} cells: {refused} with a teacher at chance, which is refused; {collapsed} collapsed (within 3 points of chance, the control more than 10 above it); {below} below the control by more than 3 points plus twice the standard error of the difference.");
        return collapsed + below + missing == 0 ? 0 : 1;
    }

    private static IEnumerable<Cell> Cells() =>
        from set in s_sets
        from epochs in set.Epochs
        from seed in s_seeds
        from student in set.Students
        select new Cell(set.Data, student, epochs, seed);

    /// <summary>Runs one recipe. A teacher is trained by the first cell that needs it; cells whose teacher would come out the same, to the bit, read its file.</summary>
    private static string Measure(Cell cell, TemporaryFolder teachers)
    {
        using var folder = new TemporaryFolder();
        var data = PluginCatalogs.BuiltIn.Datasets.Create(cell.Settings.Set).Open(new() { Root = cell.Settings.Root, MayDownload = false });
        var training = new TrainingOptions { Epochs = cell.Epochs };
        bool fewest = cell.Epochs * data.Train.Count / training.Batch < TrainingOptions.TeacherSteps;
        string teacher = teachers[string.Create(CultureInfo.InvariantCulture, $"{cell.Data}-{cell.Seed}-{(fewest ? 0 : cell.Epochs)}.onnx")];
        var recipe = new Recipe
        {
            Data = cell.Settings,
            Teacher = File.Exists(teacher) ? new() { Weights = teacher } : new() { Model = new(Teacher) },
            Student = new() { Model = new(cell.Student) },
            Training = training,
            Seed = cell.Seed,
            Threads = 1,
            Evaluation = new() { Profile = false },
        };
        double chance = 100.0 * Enumerable.Range(0, data.Test.Count).CountBy(data.Test.LabelOf).Max(pair => pair.Value) / data.Test.Count;
        try
        {
            var run = Distiller.Run(recipe, new() { Folder = folder["run"], Dataset = data });
            if (recipe.Teacher.Model is not null)
            {
                File.Copy(Path.Combine(run.Folder.Location, run.Report.Find("teacher")!.File), teacher);
            }

            int[] control = Right("control"), distilled = Right("distilled");
            double n = data.Test.Count, won = control.Zip(distilled).Count(pair => pair.First < pair.Second), lost = control.Zip(distilled).Count(pair => pair.First > pair.Second);
            double mean = (won - lost) / n, error = Math.Sqrt((((won + lost) / n) - (mean * mean)) / n);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{chance:0.00},{100 * run.Report.Find("teacher")!.Mean(score => score.Top1):0.00},{100 * control.Average():0.00},{100 * distilled.Average():0.00},{100 * mean:0.00},{100 * error:0.000}");

            int[] Right(string variant)
            {
                using var session = ModelSession.Open(Path.Combine(run.Folder.Location, run.Report.Find(variant)!.File), new() { Threads = 1 });
                var answers = Evaluator.Evaluate(session, data.Test, new() { Input = data.Input, BatchSize = 256 });
                return [.. answers.Predictions.Zip(answers.Labels, (predicted, label) => predicted == label ? 1 : 0)];
            }
        }
        catch (WeakTeacherException)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{chance:0.00},refused,,,,");
        }
    }

    private static string[] Lines(string file) => File.Exists(file) ? File.ReadAllLines(file) : [];

    /// <summary>Adds a line; processes that share the file wait for each other.</summary>
    private static void Append(string file, string line)
    {
        using var mutex = new Mutex(false, "distillsharp-defaults");
        mutex.WaitOne();
        try
        {
            File.AppendAllText(file, (File.Exists(file) ? "" : Header + "\n") + line + "\n");
        }
        finally
        {
            mutex.ReleaseMutex();
        }
    }

    private sealed record Cell(string Data, string Student, int Epochs, long Seed)
    {
        public string Key => string.Create(CultureInfo.InvariantCulture, $"{Data},{Student},{Epochs},{Seed}");

        public DataSettings Settings => Data switch
        {
            "glyphs" => new() { Set = new("glyphs", new GlyphsOptions { Train = 2_000 }) },
            "flowers" => new() { Set = new("image-folder", new ImageFolderOptions { Size = 32 }), Root = SharedFolder.Data("flowers") },
            _ => new() { Set = new(Data), Root = SharedFolder.Data(Data) },
        };
    }
}
