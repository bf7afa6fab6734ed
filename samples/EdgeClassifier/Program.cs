// Tells what pictures show, on a device: one native executable beside libonnxruntime and libSkiaSharp. docs/edge.md says how to build it.
using System.Diagnostics;
using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Profiling;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;
using EdgeClassifier;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    var arguments = EdgeArguments.Parse(args);
    using var predictor = new ClassificationPredictor(arguments.Model, new() { Threads = arguments.Threads });
    double[] probabilities = new double[predictor.ClassCount];
    foreach (string path in arguments.Pictures)
    {
        long start = Stopwatch.GetTimestamp();
        var image = ImageFile.Load(path);
        double decoding = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

        // Only the last of the repetitions is told: that is the steady time.
        int best = 0;
        double time = 0;
        for (int i = 0; i < arguments.Repeat; i++)
        {
            start = Stopwatch.GetTimestamp();
            best = predictor.Predict(image, probabilities);
            time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Console.WriteLine($"{path}: {predictor.NameOf(best)} {probabilities[best]:P1}, {time:0.00} ms and {decoding:0.00} ms of decoding");
    }

    if (arguments.Memory)
    {
        Console.WriteLine($"memory: {Environment.WorkingSet / 1e6:0.0} MB resident, {ProbeProcess.PeakMemory() / 1e6:0.0} MB at most");
    }

    return 0;
}
catch (ArgumentException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
catch (Exception error) when (error is DataException or GraphException or IOException or UnauthorizedAccessException or DllNotFoundException)
{
    Console.Error.WriteLine($"EdgeClassifier: {error.Message}");
    return 1;
}
