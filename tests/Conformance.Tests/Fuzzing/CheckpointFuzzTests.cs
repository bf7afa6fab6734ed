using System.Diagnostics;
using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Golden;
using DistillSharp.Weights;

namespace Conformance.Tests.Fuzzing;

/// <summary>
/// A real checkpoint, damaged in its pickle and its directory: it is read, or refused by a <see cref="GraphException"/>, at a bounded price. The test is a
/// second or two of a fixed seed; <c>eng/fuzz.sh</c> goes on for as long as it is told.
/// </summary>
[Trait("Category", "Golden")]
public sealed class CheckpointFuzzTests
{
    private const int Directory = 90_000;
    private const long MostBytes = 512L << 20;

    /// <summary>Opcodes of pickles: one in the place of another stays readable for longer than a random byte.</summary>
    private static readonly byte[] s_opcodes = [.. "(.0125FIJKLMNPQRSTUVXabcdeghijlopqrstu]})GBC"u8, 0x80, 0x81, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96];

    [Fact]
    public void Damaged_checkpoints_are_refused_or_borne()
    {
        byte[] sound = File.ReadAllBytes(GoldenCheckpoint.Smallest);
        int pickle = BitConverter.ToInt32(sound, sound.Length - 6) is var start ? BitConverter.ToInt32(sound, start + 24) : 0;
        int seconds = Number("DISTILLSHARP_FUZZ_SECONDS", 0), seed = Number("DISTILLSHARP_FUZZ_SEED", 1), cases = 0, read = 0;
        using var folder = new TemporaryFolder();
        var clock = Stopwatch.StartNew();
        for (; seconds > 0 ? clock.Elapsed.TotalSeconds < seconds : cases < 60; cases++)
        {
            string path = folder.Write("damaged.pt", Damage([.. sound], pickle, new Random(seed + cases)));
            long before = GC.GetAllocatedBytesForCurrentThread();
            var one = Stopwatch.StartNew();
            try
            {
                Checkpoint.Load(path);
                read++;
            }
            catch (GraphException)
            {
            }
            catch (Exception error)
            {
                Assert.Fail($"Seed {seed + cases}: {error}");
            }

            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MostBytes && one.Elapsed.TotalSeconds < 30, $"Seed {seed + cases} took {one.Elapsed.TotalSeconds:0} s or more than {MostBytes >> 20} MB.");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{cases} damaged checkpoints, seeds {seed} to {seed + cases - 1}: {read} read, {cases - read} refused");
    }

    private static byte[] Damage(byte[] file, int pickle, Random random)
    {
        for (int i = random.Next(1, 5); i > 0; i--)
        {
            int place = random.Next(4) > 0 ? random.Next(60, pickle) : file.Length - 1 - random.Next(Directory);
            switch (random.Next(4))
            {
                case 0:
                    file[place] = s_opcodes[random.Next(s_opcodes.Length)];
                    break;
                case 1:
                    file[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    file.AsSpan(place, Math.Min(4, file.Length - place)).Fill((byte)(random.Next(2) == 0 ? 0xFF : 0));
                    break;
                default:
                    // A piece of the pickle in the place of another.
                    int length = Math.Min(random.Next(1, 60), file.Length - place);
                    file.AsSpan(random.Next(60, pickle), length).CopyTo(file.AsSpan(place, length));
                    break;
            }
        }

        return random.Next(20) == 0 ? file[..random.Next(file.Length)] : file;
    }

    private static int Number(string variable, int fallback) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int value) ? value : fallback;
}
