using System.Globalization;
using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Training;

/// <summary>Tensors live on the native heap, where the collector does not look: two thousand steps must not make it grow.</summary>
[Collection(Alone.Name)]
public sealed class FlatMemoryTests
{
    private const int Steps = 2_000, WarmUp = 400;

    [Fact]
    public void Two_thousand_steps_keep_tensors_and_memory_flat()
    {
        var counts = new List<long>();
        long warm = 0;
        var watcher = new WatchingObserver
        {
            AtStep = step =>
            {
                if (step.Step >= WarmUp)
                {
                    counts.Add(Tensor.TotalCount);
                }

                warm = step.Step == WarmUp ? Resident() : warm;
            },
        };
        using var teacher = new StubTeacher(batch => zeros(batch.Count, SmallRun.Classes), SmallRun.Classes);
        var options = new TrainingOptions { Epochs = 20, Batch = 4, EmaDecay = 0.9, ClipNorm = 5, MaxNorm = 3, ValidateEvery = 4 };
        var graph = SmallRun.Drawn("resnet8", new() { Classes = SmallRun.Classes, Height = 8, Width = 8 });
        var setup = SmallRun.Setup(graph, options, null, watcher) with { Data = SmallRun.Pictures(400), Objective = new(1, 0, teacher, [("kd", new KdLoss(new()))]) };

        new Trainer(setup).Train(TestContext.Current.CancellationToken);
        long grown = Resident() - warm;

        Assert.Equal(Steps - WarmUp + 1, counts.Count);
        Assert.Equal(counts[0], counts.Max());

        // One activation of a step (4 x 16 x 8 x 8 floats, 16 KB) left behind each time would be 25 MB.
        Assert.True(grown < 16L << 20, $"the process grew by {grown >> 10} KB in {Steps - WarmUp} steps");
    }

    private static long Resident()
    {
        Assert.SkipUnless(File.Exists("/proc/self/status"), "/proc/self/status is absent: run this test on Linux.");
        string line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }
}
