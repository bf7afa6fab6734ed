using System.Diagnostics;
using System.Globalization;
using DistillSharp.Losses;
using DistillSharp.Native;
using DistillSharp.Plugins;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Benchmarks.LossCost;

/// <summary>
/// What each loss adds to a step of resnet8 at batch 64, forward and backward, against its formula by hand: the taps of resnet8 beside those of resnet32
/// (resnet8x4 where a loss is for other widths), all float32. Both sides give the same value, which is checked first.
/// </summary>
internal static class LossCostBenchmark
{
    private const double Milliseconds = 20, WarmUpMilliseconds = 1500;

    public static int Run(string[] args)
    {
        int rounds = args.SkipWhile(arg => arg != "--rounds").Skip(1).FirstOrDefault() is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 40;
        string? only = args.SkipWhile(arg => arg != "--only").Skip(1).FirstOrDefault();
        NativeTorch.EnsureLoaded();
        set_num_threads(Environment.ProcessorCount);
        var trials = ResponseTrials.All.Concat(FeatureTrials.All).Concat(RelationTrials.All).Concat(DetectionTrials.All).Concat(TextTrials.All).Where(trial => only is null || trial.Key == only).ToList();
        Console.WriteLine($"Losses on the values of resnet8 at batch 64, forward and backward, float32, {Environment.ProcessorCount} threads; {rounds} pairs, interleaved, each of some {Milliseconds:0} ms, after {WarmUpMilliseconds / 1000:0.0} s of both.");
        Console.WriteLine("loss                     library ms    by hand ms  ratio (quartiles)         value");
        foreach (var trial in trials)
        {
            Measure(trial, rounds);
        }

        string[] absent = only is null ? [.. PluginCatalogs.BuiltIn.Losses.All.Select(loss => loss.Key).Except(trials.Select(trial => trial.Key))] : [];
        Console.WriteLine(absent.Length == 0 ? "Every loss of the catalogue is here." : $"Not here: {string.Join(", ", absent)}");
        return absent.Length == 0 ? 0 : 1;
    }

    private static void Measure(LossTrial trial, int rounds)
    {
        using var loss = trial.Loss;
        loss.Prepare(trial.Setup(new() { Shapes = LossShapes.Of(trial.Inputs) }));
        var state = loss.State.ToDictionary(pair => pair.Key, pair => pair.Value.clone());
        using var kept = NewDisposeScope();
        var byHand = trial.ByHand(loss);
        double ours = Value(() => loss.Compute(trial.Inputs)), theirs = Value(byHand);
        if (Math.Abs(ours - theirs) > 1e-3 * Math.Max(Math.Abs(theirs), 1e-6))
        {
            throw new InvalidOperationException($"{trial.Key} is {ours} in the library and {theirs} by hand: they are not the same formula.");
        }

        using (no_grad())
        {
            foreach (var (name, tensor) in loss.State)
            {
                tensor.copy_(state[name]);
            }
        }

        void Library() => Once(() => loss.Compute(trial.Inputs));
        void Hand() => Once(byHand);
        WarmUp(Library, Hand);
        int repeats = Repeats(Hand);
        var (a, b, ratios) = PairedTiming.Run(rounds, () => Repeat(Library, repeats), () => Repeat(Hand, repeats));
        var (low, median, high) = PairedTiming.Quartiles(ratios);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{trial.Key,-22}  {PairedTiming.Quartiles(a).Median / repeats,11:F3}  {PairedTiming.Quartiles(b).Median / repeats,12:F3}  {median,5:F3} ({low:F3} to {high:F3})  {ours,12:G5}"));
    }

    private static double Value(Func<Tensor> compute)
    {
        using var scope = NewDisposeScope();
        return compute().ToDouble();
    }

    private static void Once(Func<Tensor> compute)
    {
        using var scope = NewDisposeScope();
        compute().backward();
    }

    /// <summary>Until both are compiled as they are in a training's thousandth step.</summary>
    private static void WarmUp(Action library, Action hand)
    {
        var clock = Stopwatch.StartNew();
        do
        {
            library();
            hand();
        }
        while (clock.Elapsed.TotalMilliseconds < WarmUpMilliseconds);
    }

    private static void Repeat(Action work, int times)
    {
        for (int i = 0; i < times; i++)
        {
            work();
        }
    }

    private static int Repeats(Action work)
    {
        work();
        var clock = Stopwatch.StartNew();
        int done = 0;
        while (clock.Elapsed.TotalMilliseconds < Milliseconds)
        {
            work();
            done++;
        }

        return Math.Max(1, done);
    }
}
