using System.Globalization;
using DistillSharp.Detection.Losses;
using DistillSharp.Detection.Training;
using DistillSharp.Execution;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Zoo;
using DistillSharp.Native;
using DistillSharp.Plugins;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Benchmarks;

/// <summary>What assignment, loss, clipping, optimiser and averaging add to the forward and backward of YOLO11n's raw maps: a whole step against the sum of the maps.</summary>
internal static class DetectionStepBenchmark
{
    private const int Pictures = 8, Side = 320, Classes = 80, Boxes = 7;
    private static readonly string[] s_maps = ["feat0", "feat1", "feat2"], s_optimizers = ["sgd", "adamw"];

    public static int Run(string[] args)
    {
        int rounds = args is ["--rounds", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 40;
        NativeTorch.EnsureLoaded();
        set_num_threads(Environment.ProcessorCount);
        Console.WriteLine($"yolo11n, batch {Pictures} of {Side}x{Side}, {Boxes} boxes a picture, {Classes} classes, float32, {Environment.ProcessorCount} threads; {rounds} pairs, interleaved.");
        Console.WriteLine("optimiser   whole step ms  forward, backward of the maps' sum ms  ratio (quartiles)");
        foreach (string key in s_optimizers)
        {
            using var step = new WholeStep(key);
            var (a, b, ratios) = PairedTiming.Run(rounds, step.Train, step.SumOfMaps);
            var (low, median, high) = PairedTiming.Quartiles(ratios);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{key,-9} {PairedTiming.Quartiles(a).Median,15:F1} {PairedTiming.Quartiles(b).Median,38:F1}  {median:F3} ({low:F3} to {high:F3})"));
        }

        return 0;
    }

    private sealed class WholeStep : IDisposable
    {
        private readonly DetectionTrainingOptions _options;
        private readonly GraphExecutor _executor;
        private readonly DetectionLoss _loss = new(new() { Classes = Classes });
        private readonly Optimizer _optimizer;
        private readonly WeightAverage _average;
        private readonly Tensor _pictures, _targets;
        private long _step;

        public WholeStep(string key)
        {
            var graph = Yolo11.Yolo11N(new() { Classes = Classes });
            WeightInitializer.Draw(graph, 1);
            _options = new() { Optimizer = key, LearningRate = 1e-4, WarmupEpochs = 0 };
            _executor = new(graph, new() { Wanted = s_maps });
            _optimizer = PluginCatalogs.BuiltIn.Optimizers.Create(DetectionPlan.Of(_options, Classes, 128).Optimizer);
            _average = new(_executor.Weights, _options.EmaDecay, 2000, _executor.Statistics);
            using var generator = new Generator(5);
            _pictures = rand([Pictures, 3, Side, Side], generator: generator);
            var random = new Random(1);
            float[] targets = [.. Enumerable.Range(0, Pictures * Boxes).SelectMany(i => new[] { i / Boxes, random.Next(Classes), (random.NextSingle() * 0.6f) + 0.2f, (random.NextSingle() * 0.6f) + 0.2f, (random.NextSingle() * 0.3f) + 0.05f, (random.NextSingle() * 0.3f) + 0.05f })];
            _targets = torch.tensor(targets, [Pictures * Boxes, 6]);
        }

        public void Train()
        {
            using var maps = _executor.Train(_pictures, _step);
            using var value = _loss.Compute([.. s_maps.Select(map => maps[map])], _targets);
            _executor.ZeroGradients();
            value.Total.backward();
            using var norm = _executor.Gradients.norm();
            if (norm.ToDouble() is var length && length > _options.ClipNorm)
            {
                _executor.Gradients.mul_(Number.Of(_options.ClipNorm / length));
            }

            _optimizer.Step(_executor.Weights, _executor.Gradients, 1, _step);
            _average.Update(_step++);
        }

        public void SumOfMaps()
        {
            using var scope = NewDisposeScope();
            _executor.ZeroGradients();
            using var maps = _executor.Train(_pictures, _step);
            s_maps.Select(map => maps[map].sum()).Aggregate((a, b) => a.add(b)).backward();
        }

        public void Dispose()
        {
            _average.Dispose();
            _optimizer.Dispose();
            _executor.Dispose();
            _pictures.Dispose();
            _targets.Dispose();
        }
    }
}
