namespace DistillSharp.Benchmarks;

internal static class MlpEpochBenchmark
{
    public static int Run(string[] args) => args.Length;
}
