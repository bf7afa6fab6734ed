using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics.X86;
using DistillSharp.Detection.Data;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.TestKit;

namespace DistillSharp.Benchmarks;

/// <summary>How many finished training pictures the detection loader delivers: COCO128 in memory, published augmentation, 640x640, boxes included.</summary>
internal static class MosaicBenchmark
{
    public static int Run(string[] args)
    {
        int rounds = args is ["--rounds", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 5;
        using var folder = new TemporaryFolder();
        var set = DetectionData.Open(Path.Combine(SharedFolder.Data("coco128"), "coco128.yaml"), new() { CacheFolder = folder.Path });
        var options = new DetectionLoaderOptions { BatchSize = 16, Shuffle = true, Augmentation = new() };
        Console.WriteLine($"128 pictures of 640x640 an epoch, 5 epochs a round, {rounds} rounds; AVX-512: {(Avx512BW.IsSupported ? "yes" : "no")}. CPU time counts all threads of the process.");
        Console.WriteLine("augmentation    workers   pictures a second (median, best)   CPU ms a picture   memory held after round 1, last (MB)");
        foreach (var (name, augmentation) in new (string, Tasks.Detection.Augmentations.DetectionAugmentation?)[] { ("published", new()), ("no colours", new() { HsvH = 0, HsvS = 0, HsvV = 0 }), ("turned 10°", new() { Degrees = 10 }), ("none", null) })
        {
            foreach (int workers in new[] { 0, 2 })
            {
                var loader = new DetectionLoader(set.Train, options with { Augmentation = augmentation, Workers = workers });
                Time(loader, 0);
                var times = Enumerable.Range(0, rounds).Select(round => (Spent: Time(loader, 1 + round), Memory: Process.GetCurrentProcess().WorkingSet64 / 1e6)).ToList();
                double[] rates = [.. times.Select(time => time.Spent.Pictures / time.Spent.Seconds).Order()];
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name,-14} {workers,8}   {rates[rates.Length / 2],17:0} {rates[^1],12:0}   {times.Select(time => 1000 * time.Spent.Processor / time.Spent.Pictures).Order().ElementAt(rounds / 2),16:0.00}   {times[0].Memory,10:0} {times[^1].Memory,8:0}"));
            }
        }

        return 0;
    }

    private static (int Pictures, double Seconds, double Processor) Time(DetectionLoader loader, int round)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        int pictures = 0;
        for (int epoch = 5 * round; epoch < (5 * round) + 5; epoch++)
        {
            pictures += loader.Epoch(epoch).Sum(batch => batch.Count);
        }

        process.Refresh();
        return (pictures, clock.Elapsed.TotalSeconds, (process.TotalProcessorTime - before).TotalSeconds);
    }
}
