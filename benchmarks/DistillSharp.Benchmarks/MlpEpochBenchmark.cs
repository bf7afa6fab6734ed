using System.Diagnostics;
using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Zoo;
using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using DistillSharp.Native;
using DistillSharp.Observers;
using DistillSharp.Plugins;
using DistillSharp.Runtime;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Data.Glyphs;
using DistillSharp.Teachers;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Benchmarks;

/// <summary>
/// An epoch of the MLP student in the trainer (loader, losses, checkpoints, logs and all) against a bare loop of the same
/// libtorch operations over ready tensors. The bare epoch runs between two of the trainer's, so the machine's noise falls on both.
/// </summary>
internal static class MlpEpochBenchmark
{
    private const int Batch = 128, Count = 54_000, Classes = 10;
    private static readonly long[] s_widths = [784, 800, 800, Classes];

    public static int Run(string[] args)
    {
        int rounds = args is ["--rounds", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 9;
        NativeTorch.EnsureLoaded();
        set_num_threads(Environment.ProcessorCount);
        var data = new GlyphsFormat(new() { Train = Count, Test = 100 }).Open(new());
        Console.WriteLine($"One epoch of 784-800-800-10, {Count:N0} pictures, batch {Batch}, float32, SGD with momentum, {Environment.ProcessorCount} threads; {rounds} pairs, interleaved.");
        Console.WriteLine("objective    trainer s  bare loop s  ratio (quartiles)");
        Compare("hard labels", data, distilled: false, rounds);
        Compare("kd, T = 20", data, distilled: true, rounds);
        return 0;
    }

    private static void Compare(string name, ImageDataset data, bool distilled, int rounds)
    {
        var loader = new BatchLoaderOptions { Input = data.Input, BatchSize = Batch };
        using var teacher = distilled ? Taught(data, loader) : null;
        var inputs = new List<Tensor>();
        var labels = new List<Tensor>();
        var targets = new List<Tensor>();
        foreach (var batch in new BatchLoader(data.Train, loader).Epoch(0))
        {
            inputs.Add(tensor(batch.Pixels.ToArray(), [batch.Count, 784]));
            labels.Add(tensor(batch.Labels.ToArray()));
            using var answers = teacher?.Teach(batch);
            targets.Add(answers is null ? zeros(1) : answers[teacher!.LogitsName].clone());
        }

        // The fastest way to take the step is the one to be measured against.
        bool flat = Fastest(inputs, labels);
        using var bare = new BareMlp(s_widths, flat);
        var watch = new Interleaved(() => bare.Epoch(inputs, labels, distilled ? targets : null));
        string folder = Directory.CreateTempSubdirectory("distillsharp-").FullName;
        using var events = new TensorBoardObserver();
        new Trainer(new ClassificationSetup
        {
            Name = "student",
            Graph = Student(seed: 1),
            Card = new("classification", data.ClassNames, data.Input),
            Data = data.Train,
            Options = new() { Epochs = rounds + 1, Batch = Batch, Optimizer = new("sgd", new SgdOptions { LearningRate = 0.01, WeightDecay = 0 }) },
            Objective = teacher is null ? null : new(0, 0, teacher, [("kd", new KdLoss(new() { Temperature = 20, Weight = 0.05 }))]),
            Folder = folder,
            Observers = [new CsvObserver(), events, watch],
        }).Train();
        Directory.Delete(folder, recursive: true);
        var (ours, theirs) = watch.Pairs(rounds);
        var (low, median, high) = PairedTiming.Quartiles([.. ours.Zip(theirs, (a, b) => a / b)]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-12} {PairedTiming.Quartiles(ours).Median,9:F2} {PairedTiming.Quartiles(theirs).Median,12:F2}  {median:F3} ({low:F3} to {high:F3}); bare step: {(flat ? "three operations on one flat buffer" : "TorchSharp's optim.SGD")}"));
        foreach (var one in inputs.Concat(labels).Concat(targets))
        {
            one.Dispose();
        }
    }

    private static CachedTeacher Taught(ImageDataset data, BatchLoaderOptions loader)
    {
        using var session = new SessionTeacher(ModelSession.Open(Graph.Format.OnnxFile.Serialize(Student(seed: 2))), data.Input, Classes);
        return new(session, data.Train, loader);
    }

    private static ModelGraph Student(long seed)
    {
        var graph = PluginCatalogs.BuiltIn.Models.Build("mlp", new MlpOptions { Classes = Classes, Channels = 1, Height = 28, Width = 28 });
        WeightInitializer.Draw(graph, seed);
        return graph;
    }

    private static bool Fastest(List<Tensor> inputs, List<Tensor> labels)
    {
        using var flat = new BareMlp(s_widths, flat: true);
        using var own = new BareMlp(s_widths, flat: false);
        var (a, b, _) = PairedTiming.Run(3, () => flat.Epoch(inputs, labels, null), () => own.Epoch(inputs, labels, null));
        return a.Min() <= b.Min();
    }

    /// <summary>Runs the bare epoch inside the trainer's callback, and keeps both times; the first pair warms up.</summary>
    private sealed class Interleaved(Action bare) : TrainingObserver
    {
        private readonly List<double> _ours = [], _theirs = [];
        private readonly Stopwatch _clock = new();

        public override void OnStart(TrainingStart start) => _clock.Restart();

        public override void OnEpoch(EpochResult result)
        {
            _ours.Add(_clock.Elapsed.TotalSeconds);
            var clock = Stopwatch.StartNew();
            bare();
            _theirs.Add(clock.Elapsed.TotalSeconds);
            _clock.Restart();
        }

        public (double[] Ours, double[] Theirs) Pairs(int count) => ([.. _ours.TakeLast(count)], [.. _theirs.TakeLast(count)]);
    }
}
