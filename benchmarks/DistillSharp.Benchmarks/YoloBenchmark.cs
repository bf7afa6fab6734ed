using System.Diagnostics;
using System.Globalization;
using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Zoo;
using DistillSharp.Native;
using DistillSharp.Runtime.Profiling;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Benchmarks;

/// <summary>Forward and backward of YOLO11n's raw maps in the executor against the same network written by hand with TorchSharp's modules, of the same weights.</summary>
internal static class YoloBenchmark
{
    private const int Batch = 8, Side = 320, Classes = 80, MemorySteps = 20;
    private static readonly string[] s_maps = ["feat0", "feat1", "feat2"];

    public static int Run(string[] args)
    {
        int rounds = args is ["--rounds", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 40;
        Prepare();
        using var ours = new ExecutorSide();
        using var theirs = new HandSide(ours.Graph);
        Console.WriteLine($"yolo11n, forward and backward of the sum of the raw maps, batch {Batch} of {Side}x{Side}, float32, {Environment.ProcessorCount} threads; {rounds} pairs, interleaved; memory: peak of a process of its own after {MemorySteps} steps.");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The sums of the maps: {ours.Step():R} and {theirs.Step():R}; the gradients' norms: {ours.GradientNorm():R} and {theirs.GradientNorm():R}."));
        Console.WriteLine("what               executor ms  by hand ms  time ratio (quartiles)");
        Compare("forward, backward", rounds, () => ours.Step(), () => theirs.Step());
        Compare("evaluation", rounds, ours.Evaluate, theirs.Evaluate);

        double[] memoryOurs = [.. Enumerable.Range(0, 3).Select(_ => Memory("executor")).Order()], memoryTheirs = [.. Enumerable.Range(0, 3).Select(_ => Memory("hand")).Order()];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory: executor {memoryOurs[1]:F0} MB, by hand {memoryTheirs[1]:F0} MB, ratio {memoryOurs[1] / memoryTheirs[1]:F3}"));
        return 0;
    }

    public static int RunOneSide(string side)
    {
        Prepare();
        using IStep one = side == "hand" ? new HandSide(Drawn()) : new ExecutorSide();
        for (int i = 0; i < MemorySteps; i++)
        {
            one.Step();
        }

        Console.WriteLine(ProbeProcess.PeakMemory().ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    /// <summary>By the clock, and by the processors' time, which what else runs on the machine hardly moves.</summary>
    private static void Compare(string what, int rounds, Action ours, Action theirs)
    {
        List<double> work = [], otherWork = [];
        var (a, b, ratios) = PairedTiming.Run(rounds, () => work.Add(Worked(ours)), () => otherWork.Add(Worked(theirs)));
        Row(what, a, b, ratios);
        Row("  processors' time", [.. work.Skip(1)], [.. otherWork.Skip(1)], [.. work.Zip(otherWork, (x, y) => x / y).Skip(1)]);
    }

    private static void Row(string what, double[] ours, double[] theirs, double[] ratios)
    {
        var (low, median, high) = PairedTiming.Quartiles(ratios);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-18} {PairedTiming.Quartiles(ours).Median,11:F1} {PairedTiming.Quartiles(theirs).Median,11:F1}  {median,10:F3} ({low:F3} to {high:F3})"));
    }

    private static double Worked(Action work)
    {
        var before = Environment.CpuUsage.TotalTime;
        work();
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
    }

    private static void Prepare()
    {
        NativeTorch.EnsureLoaded();
        set_num_threads(Environment.ProcessorCount);
        random.manual_seed(0);
    }

    private static ModelGraph Drawn()
    {
        var graph = Yolo11.Yolo11N(new() { Classes = Classes });
        WeightInitializer.Draw(graph, 1);
        return graph;
    }

    private static double Memory(string side)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["yolo-memory", side]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        return long.Parse(process.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture) / 1048576.0;
    }

    private static Tensor Pictures()
    {
        using var generator = new Generator(5);
        return rand([Batch, 3, Side, Side], generator: generator);
    }

    private interface IStep : IDisposable
    {
        double Step();
    }

    private sealed class ExecutorSide : IStep
    {
        private readonly GraphExecutor _executor;
        private readonly Tensor _pictures = Pictures();
        private long _step;

        public ExecutorSide()
        {
            Graph = Drawn();
            _executor = new(Graph, new() { Wanted = s_maps });
        }

        public ModelGraph Graph { get; }

        public double Step()
        {
            using var scope = NewDisposeScope();
            _executor.ZeroGradients();
            using var maps = _executor.Train(_pictures, _step++);
            var loss = s_maps.Select(map => maps[map].sum()).Aggregate((a, b) => a.add(b));
            loss.backward();
            return loss.ToDouble();
        }

        public void Evaluate()
        {
            using var maps = _executor.Evaluate(_pictures);
        }

        public double GradientNorm()
        {
            using var scope = NewDisposeScope();
            return _executor.Gradients.to(ScalarType.Float64).norm().ToDouble();
        }

        public void Dispose()
        {
            _executor.Dispose();
            _pictures.Dispose();
        }
    }

    private sealed class HandSide : IStep
    {
        private readonly HandYolo11n _model = new(Classes);
        private readonly Tensor _pictures = Pictures();

        public HandSide(ModelGraph weights)
        {
            using var guard = no_grad();
            foreach (var (name, value) in _model.named_parameters())
            {
                var data = weights.FindInitializer(HandYolo11n.NameOf(name)) ?? throw new InvalidOperationException($"The graph has no '{name}'.");
                using var tensor = torch.tensor(data.Data.AsSpan<float>().ToArray(), [.. data.Data.Shape]);
                value.copy_(tensor);
            }
        }

        public double Step()
        {
            using var scope = NewDisposeScope();
            _model.train();
            _model.zero_grad();
            var loss = _model.forward(_pictures).Select(map => map.sum()).Aggregate((a, b) => a.add(b));
            loss.backward();
            return loss.ToDouble();
        }

        public void Evaluate()
        {
            using var scope = NewDisposeScope();
            using var guard = no_grad();
            _model.eval();
            _model.forward(_pictures);
        }

        public double GradientNorm()
        {
            using var scope = NewDisposeScope();
            return Math.Sqrt(_model.parameters().Sum(parameter => parameter.grad!.to(ScalarType.Float64).square().sum().ToDouble()));
        }

        public void Dispose()
        {
            _model.Dispose();
            _pictures.Dispose();
        }
    }
}
