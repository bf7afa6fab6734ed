using DistillSharp.Benchmarks;
using DistillSharp.Benchmarks.LossCost;

return args switch
{
    ["executor", ..] => ExecutorBenchmark.Run(args[1..]),
    ["executor-memory", var side, var model] => ExecutorBenchmark.RunOneSide(side, model),
    ["detection-step", ..] => DetectionStepBenchmark.Run(args[1..]),
    ["detection-loss", ..] => DetectionLossBenchmark.Run(args[1..]),
    ["yolo", ..] => YoloBenchmark.Run(args[1..]),
    ["yolo-memory", var side] => YoloBenchmark.RunOneSide(side),
    ["mlp-epoch", ..] => MlpEpochBenchmark.Run(args[1..]),
    ["int8", ..] => Int8Benchmark.Run(args[1..]),
    ["losses", ..] => LossCostBenchmark.Run(args[1..]),
    ["mosaic", ..] => MosaicBenchmark.Run(args[1..]),
    ["defaults", var file, var part, var parts] => DefaultsBenchmark.Run(file, int.Parse(part, System.Globalization.CultureInfo.InvariantCulture), int.Parse(parts, System.Globalization.CultureInfo.InvariantCulture)),
    ["defaults-table", var file] => DefaultsBenchmark.Table(file),
    ["detector-distillation", ..] => DetectorDistillationBenchmark.Run(args[1..]),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: executor [--rounds N] | yolo [--rounds N] | detection-step [--rounds N] | detection-loss [--rounds N] | mosaic [--rounds N] | detector-distillation [--rounds N] | losses [--rounds N] [--only KEY] | defaults FILE PART PARTS | defaults-table FILE | mlp-epoch [--rounds N] | int8 [--rounds N]");
    return 2;
}
