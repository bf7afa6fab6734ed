using System.Diagnostics;
using System.Globalization;
using DistillSharp.Detection.Data;
using DistillSharp.Detection.Distillation;
using DistillSharp.Detection.Losses;
using DistillSharp.Detection.Training;
using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Zoo;
using DistillSharp.Losses.Feature;
using DistillSharp.Native;
using DistillSharp.Plugins;
using DistillSharp.Runtime;
using DistillSharp.Taps;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.TestKit;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Benchmarks;

/// <summary>
/// What distilling a detector costs beside what cannot be spared: a whole step of YOLO11n that yolo11s teaches through CWD, against the step alone and the teacher's inference alone in ONNX
/// Runtime, its features among the outputs. Published augmentation, mosaic on; the three take turns.
/// </summary>
internal static class DetectorDistillationBenchmark
{
    public static int Run(string[] args)
    {
        int rounds = args is ["--rounds", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 20;
        NativeTorch.EnsureLoaded();
        set_num_threads(Environment.ProcessorCount);
        using var folder = new TemporaryFolder();
        var data = DetectionData.Open(Path.Combine(SharedFolder.Data("coco128"), "coco128.yaml"), new() { CacheFolder = folder.Path });
        Console.WriteLine($"yolo11n taught by yolo11s through CWD on its three head inputs, coco128, 80 classes, published augmentation with mosaic in the step's own time, {Environment.ProcessorCount} threads; {rounds} rounds of all three, interleaved.");
        Console.WriteLine("'over' is (distilled - alone - teacher) / alone: what distilling costs beside the student's own step and the teacher's inference.");
        Console.WriteLine("teacher  side  batch  alone ms  teacher ms  distilled ms  over (quartiles)             alone img/s  distilled img/s");
        foreach (bool int8 in new[] { false, true })
        {
            byte[] file = TeacherFileOf(data, int8);
            string path = folder[$"teacher-{int8}.onnx"];
            File.WriteAllBytes(path, file);
            foreach (var (side, batch) in new[] { (320, 8), (640, 4) })
            {
                Measure(int8 ? "INT8" : "fp32", path, data, side, batch, rounds);
            }
        }

        return 0;
    }

    private static void Measure(string name, string teacher, DetectionDataset data, int side, int batch, int rounds)
    {
        using var alone = new Step(data, side, batch, null);
        using var distilled = new Step(data, side, batch, teacher);
        using var inference = new Inference(teacher, data, side, batch);
        Action[] work = [alone.Run, inference.Run, distilled.Run];
        Array.ForEach(work, one => { one(); one(); });
        double[][] times = [new double[rounds], new double[rounds], new double[rounds]];
        for (int i = 0; i < rounds; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                int which = (i + j) % 3;
                var clock = Stopwatch.StartNew();
                work[which]();
                times[which][i] = clock.Elapsed.TotalMilliseconds;
            }
        }

        var (low, median, high) = PairedTiming.Quartiles([.. Enumerable.Range(0, rounds).Select(i => (times[2][i] - times[0][i] - times[1][i]) / times[0][i])]);
        double[] medians = [.. times.Select(one => PairedTiming.Quartiles(one).Median)];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-7} {side,5} {batch,6} {medians[0],9:F1} {medians[1],11:F1} {medians[2],13:F1}  {median,6:P1} ({low:P1} to {high:P1})  {1000 * batch / medians[0],18:F1} {1000 * batch / medians[2],16:F1}"));
    }

    private static byte[] TeacherFileOf(DetectionDataset data, bool int8)
    {
        var graph = Yolo11.Yolo11S(new() { Classes = data.ClassNames.Count });
        WeightInitializer.Draw(graph, 2);
        foreach (var (key, value) in new ModelCard("detect", data.ClassNames, new(3, 640, 640, [0, 0, 0], [1, 1, 1])) { Stride = 32 }.ToMetadata())
        {
            graph.Metadata[key] = value;
        }

        return OnnxFile.Serialize(int8 ? Detection.DetectorQuantizer.Calibrate(graph, data.Train, (320, 320), 8, 0, new() { Threads = Environment.ProcessorCount }).Quantizer.Quantize() : graph);
    }

    private static DetectionLoaderOptions Loading(int side, int batch) => new() { ImageSize = side, BatchSize = batch, Shuffle = true, Workers = 0, Augmentation = new() };

    private static IEnumerable<DetectionBatch> Endless(DetectionLoader loader) => Enumerable.Range(0, int.MaxValue).SelectMany(epoch => loader.Epoch(epoch));

    /// <summary>A whole training step: the next batch, forward, all terms, backward, clipping, optimiser, average.</summary>
    private sealed class Step : IDisposable
    {
        private readonly IEnumerator<DetectionBatch> _batches;
        private readonly GraphExecutor _executor;
        private readonly DetectionObjective _objective;
        private readonly DetectionLossPlan? _plan;
        private readonly DetectionTeacher? _teacher;
        private readonly TeacherFile? _file;
        private readonly Optimizer _optimizer;
        private readonly WeightAverage _average;
        private readonly IReadOnlyList<AdapterCompanion> _adapters = [];
        private static readonly ImageInput s_plain = new(3, 640, 640, [0, 0, 0], [1, 1, 1]);
        private readonly DetectionTrainingOptions _options = new() { Optimizer = "adamw", LearningRate = 1e-4, WarmupEpochs = 0 };
        private long _step;

        public Step(DetectionDataset data, int side, int batch, string? teacher)
        {
            var graph = Yolo11.Yolo11N(new() { Classes = data.ClassNames.Count });
            WeightInitializer.Draw(graph, 1);
            var plan = DetectionPlan.Of(_options, data.ClassNames.Count, data.Train.Count);
            _batches = Endless(new(data.Train, Loading(side, batch))).GetEnumerator();
            var loss = new DetectionLoss(new() { Classes = data.ClassNames.Count });
            if (teacher is not null)
            {
                _file = TeacherFile.Open(new() { Model = teacher }, teacher, data, new() { Model = "yolo11n", Data = "coco128", Training = new() { ImageSize = side, Batch = batch } });
                _plan = DetectionLossPlan.Of([new("cwd", new CwdLossOptions { Temperature = 1 })], PluginCatalogs.BuiltIn, new("student", graph, new ImageInput(3, side, side, [0, 0, 0], [1, 1, 1]), batch), _file);
                _teacher = _file.Open(_plan.Question);
            }

            _objective = new(loss, 1, _teacher, _plan?.Terms ?? [], new());
            _executor = new(graph, new() { Wanted = [.. DetectionTask.Maps, .. _objective.StudentTaps] });
            _optimizer = PluginCatalogs.BuiltIn.Optimizers.Create(plan.Optimizer);
            _average = new(_executor.Weights, _options.EmaDecay, 2000, _executor.Statistics);
            if (_plan is not null)
            {
                _batches.MoveNext();
                _objective.Prepare(_executor, new(_batches.Current, _objective, s_plain, null), new() { Shapes = new() });
                _adapters = [.. _plan.Terms.Select(term => new AdapterCompanion(term.Key, term.Loss, plan, PluginCatalogs.BuiltIn))];
            }
        }

        public void Run()
        {
            _batches.MoveNext();
            var batch = new DetectionTrainingBatch(_batches.Current, _objective, s_plain, null);
            using var input = batch.Input(_executor, _step);
            using var outputs = _executor.Train(input, _step);
            var terms = batch.Terms(outputs, _executor, new(0, 0, _step));
            using var total = Objective.Total(terms);
            _executor.ZeroGradients();
            foreach (var adapter in _adapters)
            {
                adapter.ZeroGradients();
            }

            total.backward();
            using var norm = _executor.Gradients.norm();
            if (norm.ToDouble() is var length && length > _options.ClipNorm)
            {
                _executor.Gradients.mul_(Number.Of(_options.ClipNorm / length));
            }

            var step = new OptimizerStep(1e-4, _step + 1);
            _optimizer.Step(_executor.Weights, _executor.Gradients, step);
            foreach (var adapter in _adapters)
            {
                adapter.Step(step);
            }

            _average.Update(_step++);
            foreach (var (_, value) in terms)
            {
                value.Dispose();
            }
        }

        public void Dispose()
        {
            _batches.Dispose();
            foreach (var adapter in _adapters)
            {
                adapter.Dispose();
            }

            _average.Dispose();
            _optimizer.Dispose();
            _executor.Dispose();
            _plan?.Dispose();
            _teacher?.Dispose();
            _file?.Dispose();
        }
    }

    /// <summary>The teacher alone: one run of ONNX Runtime on pictures that lie ready, with the values that CWD compares as outputs.</summary>
    private sealed class Inference : IDisposable
    {
        private readonly ModelSession _session;
        private readonly float[] _numbers;
        private readonly string[] _wanted;
        private readonly long[] _shape;

        public Inference(string teacher, DetectionDataset data, int side, int batch)
        {
            var graph = OnnxFile.Load(teacher);
            var head = new TapModel("teacher", graph, new ImageInput(3, side, side, [0, 0, 0], [1, 1, 1]), batch).Head!;
            _wanted = [.. head.Levels.Select(level => level.Input.Value)];
            _session = ModelSession.Open(OnnxFile.Serialize(new TapPass(_wanted).Apply(graph).Graph), new() { Threads = Environment.ProcessorCount });
            var pictures = new DetectionLoader(data.Train, Loading(side, batch)).Epoch(0).First();
            _numbers = [.. pictures.Pixels.ToArray().Select(pixel => pixel / 255f)];
            _shape = [batch, 3, side, side];
        }

        public void Run() => _session.Run(_numbers, _shape, _wanted, static (_, _, _) => { });

        public void Dispose() => _session.Dispose();
    }
}
