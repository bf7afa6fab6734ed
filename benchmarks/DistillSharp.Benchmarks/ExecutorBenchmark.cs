using System.Diagnostics;
using System.Globalization;
using DistillSharp.Execution;
using DistillSharp.Graph.Builder;
using DistillSharp.Native;
using DistillSharp.Plugins;
using DistillSharp.Runtime.Profiling;
using DistillSharp.TestKit.Handwritten;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Benchmarks;

/// <summary>One SGD step of the executor against the same network written by hand with TorchSharp's modules.</summary>
internal static class ExecutorBenchmark
{
    private const int Batch = 64, StepsPerTiming = 4, MemorySteps = 30;

    public static int Run(string[] args)
    {
        int rounds = args is ["--rounds", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 15;
        NativeTorch.EnsureLoaded();
        set_num_threads(Environment.ProcessorCount);
        Console.WriteLine($"One SGD step, batch {Batch}, float32, {Environment.ProcessorCount} threads; {rounds} pairs of {StepsPerTiming} steps, interleaved; memory: peak of a process of its own.");
        Console.WriteLine("model      executor ms  by hand ms  time ratio (quartiles)      executor MB  by hand MB  memory ratio");
        foreach (string model in new[] { "resnet20", "resnet8x4" })
        {
            using var ours = new ExecutorSide(model);
            using var theirs = new HandSide(model);
            var (a, b, ratios) = PairedTiming.Run(rounds, () => Repeat(ours.Step, StepsPerTiming), () => Repeat(theirs.Step, StepsPerTiming));
            var (low, median, high) = PairedTiming.Quartiles(ratios);
            double[] memoryOurs = [.. Enumerable.Range(0, 3).Select(_ => Memory("executor", model)).Order()], memoryTheirs = [.. Enumerable.Range(0, 3).Select(_ => Memory("hand", model)).Order()];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{model,-10} {PairedTiming.Quartiles(a).Median / StepsPerTiming,11:F1} {PairedTiming.Quartiles(b).Median / StepsPerTiming,11:F1}  {median,10:F3} ({low:F3} to {high:F3})  {memoryOurs[1],13:F0} {memoryTheirs[1],11:F0}  {memoryOurs[1] / memoryTheirs[1],12:F3}"));
        }

        return 0;
    }

    public static int RunOneSide(string side, string model)
    {
        NativeTorch.EnsureLoaded();
        set_num_threads(Environment.ProcessorCount);
        using IStep one = side == "hand" ? new HandSide(model) : new ExecutorSide(model);
        Repeat(one.Step, MemorySteps);
        Console.WriteLine(ProbeProcess.PeakMemory().ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    private static double Memory(string side, string model)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["executor-memory", side, model]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        return long.Parse(process.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture) / 1048576.0;
    }

    private static void Repeat(Action step, int times)
    {
        for (int i = 0; i < times; i++)
        {
            step();
        }
    }

    private interface IStep : IDisposable
    {
        void Step();
    }

    private sealed class ExecutorSide : IStep
    {
        private readonly GraphExecutor _executor;
        private readonly SgdOptimizer _optimizer = new(new() { LearningRate = 0.05, Momentum = 0.9, WeightDecay = 5e-4, DecayAll = true });
        private readonly Tensor _input = randn(Batch, 3, 32, 32), _labels = randint(10, [Batch], ScalarType.Int64);
        private long _step;

        public ExecutorSide(string model)
        {
            var graph = PluginCatalogs.BuiltIn.Models.Build(model, new() { Classes = 10 });
            WeightInitializer.Draw(graph, 1);
            _executor = new(graph);
        }

        public void Step()
        {
            using var outputs = _executor.Train(_input, _step);
            using var loss = nn.functional.cross_entropy(outputs["logits"], _labels);
            _executor.ZeroGradients();
            loss.backward();
            _optimizer.Step(_executor.Weights, _executor.Gradients, 1, _step++);
        }

        public void Dispose()
        {
            _executor.Dispose();
            _optimizer.Dispose();
            _input.Dispose();
            _labels.Dispose();
        }
    }

    private sealed class HandSide : IStep
    {
        private readonly HandResNet _model;
        private readonly optim.Optimizer _optimizer;
        private readonly Tensor _input = randn(Batch, 3, 32, 32), _labels = randint(10, [Batch], ScalarType.Int64);

        public HandSide(string model)
        {
            _model = HandResNet.Create(model, 10);
            _optimizer = optim.SGD(_model.parameters(), 0.05, momentum: 0.9, weight_decay: 5e-4);
        }

        public void Step()
        {
            using var scope = NewDisposeScope();
            _optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(_model.forward(_input), _labels);
            loss.backward();
            _optimizer.step();
        }

        public void Dispose()
        {
            _optimizer.Dispose();
            _model.Dispose();
            _input.Dispose();
            _labels.Dispose();
        }
    }
}
