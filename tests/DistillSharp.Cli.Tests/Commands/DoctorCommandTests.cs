using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests.Commands;

public class DoctorCommandTests
{
    private static readonly Lazy<string> s_output = new(() => DistillCommand.RunIn(null, ["doctor"], ("DISTILLSHARP_DATA", Path.GetTempPath())).Done().Output);

    [Theory]
    [InlineData(@"^\.NET\s+\.NET 10\.")]
    [InlineData(@"^system\s+\S")]
    [InlineData(@"^processor\s+\S")]
    [InlineData(@"^features\s+AVX2 (yes|no), AVX-512 (yes|no), VNNI (yes|no), BF16 (yes|no)$")]
    [InlineData(@"^libtorch\s+2\.10\.\S*, \d+ threads, (no )?CUDA; loaded: (ordinary|compatibility copy .*libLibTorchSharp\.so)$")]
    [InlineData(@"^ONNX Runtime\s+1\.31\.1, telemetry off$")]
    [InlineData(@"^SkiaSharp\s+155\.0$")]
    [InlineData(@"^threads\s+\d+ cores$")]
    [InlineData(@"^free disk\s+\d+\.\d+ [kMGT]?B of \d+\.\d+ [kMGT]?B")]
    public void Tells_what_the_machine_has(string line) => Assert.Contains(s_output.Value.Split('\n'), text => System.Text.RegularExpressions.Regex.IsMatch(text, line));

    [Fact]
    public void Tells_where_data_is_looked_for_and_what_is_not_there_yet()
    {
        string line = s_output.Value.Split('\n').Single(text => text.StartsWith("data ", StringComparison.Ordinal));
        Assert.Contains(Path.GetTempPath(), line, StringComparison.Ordinal);
        Assert.Contains(Path.Combine("distillsharp", "data"), line, StringComparison.Ordinal);
        string absent = DistillCommand.RunIn(null, ["doctor"], ("DISTILLSHARP_DATA", "/nowhere/data")).Done().Output;
        Assert.Contains("/nowhere/data (not there yet)", absent, StringComparison.Ordinal);
    }

    [Fact]
    public void Agrees_with_the_processor_about_its_features()
    {
        Assert.SkipUnless(File.Exists("/proc/cpuinfo"), "/proc/cpuinfo is absent: run this test on Linux.");
        string[] flags = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal))?.Split(' ') ?? [];
        foreach (var (name, flag) in new[] { ("AVX2", "avx2"), ("AVX-512", "avx512f"), ("BF16", "avx512_bf16") })
        {
            Assert.Contains($"{name} {(flags.Contains(flag) ? "yes" : "no")}", s_output.Value, StringComparison.Ordinal);
        }
    }
}
