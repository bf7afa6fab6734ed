using System.Globalization;
using DistillSharp.Detection.Losses;
using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Benchmarks;

/// <summary>The detection loss, forward and backward to the maps, of a batch of 8 pictures of 320 x 320, by the number of true boxes.</summary>
internal static class DetectionLossBenchmark
{
    private const int Pictures = 8, Side = 320, Classes = 80;
    private static readonly int[] s_strides = [8, 16, 32];

    public static int Run(string[] args)
    {
        int rounds = args is ["--rounds", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 40;
        NativeTorch.EnsureLoaded();
        set_num_threads(Environment.ProcessorCount);
        Console.WriteLine($"Detection loss, {Pictures} pictures of {Side} x {Side}, {Classes} classes, float32, {Environment.ProcessorCount} threads; {rounds} pairs, interleaved.");
        Console.WriteLine("boxes a picture   forward+backward ms (quartiles)   without boxes ms");
        foreach (int boxes in new[] { 3, 7, 25, 100 })
        {
            using var some = new Batch(boxes);
            using var none = new Batch(0);
            var (a, b, _) = PairedTiming.Run(rounds, some.Step, none.Step);
            var (low, median, high) = PairedTiming.Quartiles(a);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{boxes,15}   {median,8:F1} ({low:F1} to {high:F1})   {PairedTiming.Quartiles(b).Median,25:F1}"));
        }

        return 0;
    }

    private sealed class Batch : IDisposable
    {
        private readonly DetectionLoss _loss = new(new() { Classes = Classes });
        private readonly Tensor[] _maps;
        private readonly Tensor _targets;

        public Batch(int boxes)
        {
            using var generator = new Generator(1);
            _maps = [.. s_strides.Select(stride => randn([Pictures, 64 + Classes, Side / stride, Side / stride], generator: generator))];
            using (no_grad())
            {
                foreach (var map in _maps)
                {
                    // As a detector is: most classes are most likely absent.
                    map.narrow(1, 64, Classes).sub_(5);
                    map.requires_grad_();
                }
            }

            var random = new Random(1);
            float[] targets = [.. Enumerable.Range(0, Pictures * boxes).SelectMany(i => new[] { i / boxes, random.Next(Classes), (random.NextSingle() * 0.6f) + 0.2f, (random.NextSingle() * 0.6f) + 0.2f, (random.NextSingle() * 0.3f) + 0.05f, (random.NextSingle() * 0.3f) + 0.05f })];
            _targets = torch.tensor(targets, [Pictures * boxes, 6]);
        }

        public void Step()
        {
            using var value = _loss.Compute(_maps, _targets);
            value.Total.backward();
        }

        public void Dispose()
        {
            foreach (var map in _maps)
            {
                map.grad?.Dispose();
                map.Dispose();
            }

            _targets.Dispose();
        }
    }
}
