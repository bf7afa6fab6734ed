using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace DistillSharp.Reports;

/// <summary>The machine a run or a measurement was made on.</summary>
/// <param name="OperatingSystem">Its name and version.</param>
/// <param name="Processor">The processor's name.</param>
/// <param name="Cores">The logical cores this process may use.</param>
/// <param name="Features">The instruction sets that matter here, of AVX2, AVX-512, VNNI and BF16.</param>
/// <param name="Runtime">The .NET version.</param>
public sealed record MachineReport(string OperatingSystem, string Processor, int Cores, IReadOnlyList<string> Features, string Runtime)
{
    /// <summary>Reads this machine.</summary>
    /// <returns>The report.</returns>
    public static MachineReport Read() =>
        new(RuntimeInformation.OSDescription, ProcessorName(), Environment.ProcessorCount, [.. FindFeatures()], RuntimeInformation.FrameworkDescription);

    private static IEnumerable<string> FindFeatures()
    {
        string flags = CpuInfo("flags") ?? "";
        bool Has(string flag) => flags.Split(' ').Contains(flag);
        if (Avx2.IsSupported)
        {
            yield return "AVX2";
        }

        if (Avx512F.IsSupported)
        {
            yield return "AVX-512";
        }

        if (Has("avx512_vnni") || Has("avx_vnni"))
        {
            yield return "VNNI";
        }

        if (Has("avx512_bf16"))
        {
            yield return "BF16";
        }
    }

    private static string ProcessorName() => CpuInfo("model name") ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static string? CpuInfo(string key)
    {
        const string path = "/proc/cpuinfo";
        string? line = File.Exists(path) ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
