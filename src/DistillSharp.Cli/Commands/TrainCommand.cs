using System.CommandLine;
using DistillSharp.Recipes;
using DistillSharp.Training;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill train</c>: one model without a teacher, or one student with a finished teacher and its control.</summary>
internal static class TrainCommand
{
    public static Command Build()
    {
        var data = CommonOptions.Data(required: false);
        var model = new Option<string?>("--model") { Description = "The model (distill list models), an ONNX file to train on from, or a detector's checkpoint (yolo11n.pt)", HelpName = "MODEL" };
        var teacher = new Option<string[]>("--teacher") { Description = "A finished teacher: any ONNX classifier; for a detector a checkpoint (yolo11l.pt), any ONNX detector, or a key of the zoo to train first; may be repeated, boxes are merged", HelpName = "FILE", AllowMultipleArgumentsPerToken = false };
        var detectorTeacher = new DetectorTeacherOptions();
        var teacherPictures = new PictureOptions("--teacher", "the teacher's file", "what its card says, else the data's");
        var modelPictures = new PictureOptions("--model", "the model's file", "what its card says, else the data's");
        var epochs = new Option<int?>("--epochs") { Description = "Passes over the training pictures (default 30; a detector 100)", HelpName = "N" };
        var batch = new Option<int?>("--batch") { Description = "The batch size (default 64; a detector 16)", HelpName = "N" };
        var rate = new Option<double?>("--lr") { Description = "The learning rate (default 0.05; a detector chooses)", HelpName = "RATE" };
        var temperature = new Option<double>("--temperature") { Description = "The temperature of the soft labels, with --teacher", HelpName = "T", DefaultValueFactory = _ => 4 };
        var seed = new Option<long>("--seed") { Description = "The seed", HelpName = "N", DefaultValueFactory = _ => 0 };
        var device = new Option<string>("--device") { Description = "cpu, cuda or cuda:1", HelpName = "DEVICE", DefaultValueFactory = _ => "cpu" };
        var every = new Option<int>("--val-every") { Description = "Evaluate every so many epochs", HelpName = "N", DefaultValueFactory = _ => 1 };
        var root = CommonOptions.DataRoot();
        var imageSize = CommonOptions.ImageSizeChoice();
        var resume = new Option<string?>("--resume") { Description = "Go on with a detector's run that was interrupted", HelpName = "FOLDER" };
        var changes = new Option<string[]>("--set") { Description = "Change any setting of a detector's training: training.multi-scale=true", HelpName = "KEY=VALUE" };
        var workers = CommonOptions.Workers();
        var threads = CommonOptions.Threads();
        var skip = CommonOptions.SkipBad();
        var offline = CommonOptions.NoDownload();
        var outFolder = CommonOptions.Out();
        var command = new Command("train", "Train a model; with --teacher, distil it and train its control")
        {
            data, model, teacher, epochs, batch, imageSize, rate, temperature, seed, device, workers, threads, every, changes, root, skip, offline, resume, outFolder,
        };
        teacherPictures.AddTo(command);
        detectorTeacher.AddTo(command);
        modelPictures.AddTo(command);
        command.OnRun((parsed, cancellation) =>
        {
            if (parsed.GetValue(resume) is { } started)
            {
                return DetectorTraining.Resume(started, cancellation);
            }

            if (parsed.GetValue(model) is { } detector && DetectorTraining.Means(detector))
            {
                DetectorTraining.Refuse(parsed, temperature);
                string[] teachers = parsed.GetValue(teacher) ?? [];
                detectorTeacher.RefuseWithout(parsed, teachers.Length > 0);

                // What was not typed is the recipe's, or the default.
                object? Typed(Option option, object? value) => parsed.GetResult(option) is { Implicit: false } ? value : null;
                return DetectorTraining.Train(
                    [
                        ("model", parsed.GetValue(model)), ("data", parsed.GetValue(data)), ("seed", Typed(seed, parsed.GetValue(seed))), ("device", Typed(device, parsed.GetValue(device))),
                        ("workers", Typed(workers, parsed.GetValue(workers))), ("threads", Typed(threads, parsed.GetValue(threads))), ("skip-bad", Typed(skip, parsed.GetValue(skip) ? "true" : "false")),
                        ("training.epochs", parsed.GetValue(epochs)), ("training.batch", parsed.GetValue(batch)), ("training.image-size", parsed.GetValue(imageSize)),
                        ("training.learning-rate", parsed.GetValue(rate)), ("training.validate-every", Typed(every, parsed.GetValue(every))),
                    ],
                    [.. teachers.Length > 0 ? detectorTeacher.Settings(parsed, teachers, teacherPictures) : [], .. parsed.GetValue(changes) ?? []],
                    parsed.GetValue(root),
                    parsed.GetValue(outFolder),
                    Repeat(parsed),
                    cancellation);
            }

            detectorTeacher.RefuseWithout(parsed, taught: false);

            string chosen = parsed.GetValue(model) ?? throw new ArgumentException("Give what to train (--model MODEL), or a run to go on with (--resume FOLDER).");
            string taught = parsed.GetValue(data) ?? throw new ArgumentException("Give what to train on (--data SET).");

            if (parsed.GetValue(changes) is { Length: > 0 })
            {
                throw new ArgumentException("--set changes a detector's training. For a classifier write a recipe and run it: distill run RECIPE --set KEY=VALUE.");
            }

            var (set, folder) = DataChoice.Of(taught, parsed.GetValue(root), parsed.GetValue(imageSize) ?? CommonOptions.FolderPictureSide);
            bool file = chosen.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);
            string? finished = parsed.GetValue(teacher) switch
            {
                null or [] => null,
                [var one] => one,
                _ => throw new ArgumentException("Several teachers are for a detector. For a classifier write a recipe with 'ensemble' and run it."),
            };
            if (finished is not null && !File.Exists(finished))
            {
                throw new FileNotFoundException($"The teacher '{finished}' does not exist.");
            }

            teacherPictures.RefuseWithout(parsed, finished is not null, "--teacher FILE");
            modelPictures.RefuseWithout(parsed, file, "--model FILE.onnx");
            if (file && !File.Exists(chosen))
            {
                throw new FileNotFoundException($"The model '{chosen}' does not exist.");
            }

            if (!file)
            {
                Plugins.PluginCatalogs.BuiltIn.Models.Find(chosen);
            }

            var recipe = new Recipe
            {
                Name = $"{(finished is null ? "train" : "distil")}-{Path.GetFileNameWithoutExtension(chosen)}",
                Seed = parsed.GetValue(seed),
                Device = parsed.GetValue(device)!,
                Threads = parsed.GetValue(threads),
                Data = new() { Set = set, Root = folder, SkipBad = parsed.GetValue(skip), Workers = parsed.GetValue(workers), Download = !parsed.GetValue(offline) },
                Teacher = new() { Weights = finished, Size = teacherPictures.Size(parsed), Mean = teacherPictures.Mean(parsed), Std = teacherPictures.Std(parsed) },
                Student = file
                    ? new() { Weights = chosen, Size = modelPictures.Size(parsed), Mean = modelPictures.Mean(parsed), Std = modelPictures.Std(parsed) }
                    : new() { Model = new(chosen) },
                Distillation = new() { Losses = [new("kd", new Losses.Response.KdLossOptions { Temperature = parsed.GetValue(temperature) })] },
                Training = new()
                {
                    Epochs = parsed.GetValue(epochs) ?? 30,
                    Batch = parsed.GetValue(batch) ?? 64,
                    ValidateEvery = parsed.GetValue(every),
                    Optimizer = new("sgd", new SgdOptions { LearningRate = parsed.GetValue(rate) ?? 0.05 }),
                },
            };
            return RunCommand.Execute(recipe, new() { Folder = parsed.GetValue(outFolder), Command = Repeat(parsed) }, cancellation);
        });
        return command;
    }

    private static string Repeat(ParseResult parsed) => $"distill {string.Join(' ', parsed.Tokens.Select(token => RunCommand.Quote(token.Value)))}";
}
