using System.Diagnostics;
using System.Globalization;

namespace Conformance.Tests.Fuzzing;

/// <summary>
/// Damaged files through reading, checking, shapes, every pass, the executor and the quantiser. The test is a few seconds of a fixed seed;
/// <c>eng/fuzz.sh</c> goes on for as long as it is told.
/// </summary>
public sealed class FuzzTests
{
    private const long MostBytes = 2L << 30;
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    [Fact]
    public void The_sound_files_pass()
    {
        int done = FuzzSeeds.All.Sum(FuzzedModel.Try);

        Assert.True(done > 5 * FuzzSeeds.All.Count, $"Only {done} works were done on {FuzzSeeds.All.Count} files.");
    }

    [Fact]
    public void Damaged_files_are_refused_or_borne()
    {
        int seconds = Number("DISTILLSHARP_FUZZ_SECONDS", 0), seed = Number("DISTILLSHARP_FUZZ_SEED", 1), cases = 0;
        var failures = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var clock = Stopwatch.StartNew();
        for (; seconds > 0 ? clock.Elapsed.TotalSeconds < seconds : cases < 1500; cases++)
        {
            if (Fails(seed + cases) is { } failure && failures.Count < 40)
            {
                failures.TryAdd(failure.Split('\n').Skip(1).FirstOrDefault(failure), $"seed {seed + cases}: {failure}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{cases} damaged files of {FuzzSeeds.All.Count}, seeds {seed} to {seed + cases - 1}, in {clock.Elapsed.TotalSeconds:0} s: {failures.Count} kinds of failure");
        Assert.True(failures.Count == 0, string.Join("\n\n", failures.Values));
    }

    /// <summary>What goes wrong with the file of a seed; null if nothing. The file is kept where that is asked for.</summary>
    private static string? Fails(int seed)
    {
        var random = new Random(seed);
        byte[] file = new ModelMutator(random).Damage(FuzzSeeds.All[random.Next(FuzzSeeds.All.Count)], FuzzSeeds.All);
        long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
        try
        {
            FuzzedModel.Try(file);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            var elapsed = Stopwatch.GetElapsedTime(start);
            return allocated > MostBytes || elapsed > s_longest ? $"it took {elapsed.TotalSeconds:0} s and {allocated >> 20} MB for a file of {file.Length} bytes" : null;
        }
        catch (FuzzException error)
        {
            if (Environment.GetEnvironmentVariable("DISTILLSHARP_FUZZ_KEEP") is { Length: > 0 } folder)
            {
                File.WriteAllBytes(Path.Combine(folder, $"{seed}.onnx"), file);
            }

            return error.Message;
        }
    }

    private static int Number(string variable, int fallback) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int value) ? value : fallback;
}
