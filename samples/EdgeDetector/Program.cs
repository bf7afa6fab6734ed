// Finds and draws what pictures show, on a device: one native executable beside libonnxruntime and libSkiaSharp. docs/detection.md says how to build it.
using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Drawing;
using DistillSharp.Tasks.Images;
using EdgeDetector;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    var arguments = EdgeArguments.Parse(args);
    using var predictor = new DetectionPredictor(arguments.Model, new() { Threads = arguments.Threads, Suppression = new() { Confidence = arguments.Confidence } });
    List<DetectedBox> found = [];
    foreach (string path in arguments.Pictures)
    {
        var image = ImageFile.Load(path);

        // Only the last of the repetitions is told: that is the steady time.
        for (int i = 0; i < arguments.Repeat; i++)
        {
            predictor.Predict(image, found);
        }

        Console.WriteLine($"{path}: {image.Width}x{image.Height} {ClassTally.Of(found, predictor.NameOf)}, {predictor.SpeedOfLast.Total:0.0} ms");
        foreach (var one in found)
        {
            Console.WriteLine($"  {predictor.NameOf(one.ClassIndex)} {one.Confidence:0.00}  {one.Box.Left:0.0} {one.Box.Top:0.0} {one.Box.Right:0.0} {one.Box.Bottom:0.0}");
        }

        if (arguments.Out is { } folder)
        {
            Directory.CreateDirectory(folder);
            ImageFile.SavePng(BoxPainter.Draw(image, found, predictor.NameOf), Path.Combine(folder, Path.GetFileNameWithoutExtension(path) + ".png"));
        }
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
    Console.Error.WriteLine($"EdgeDetector: {error.Message}");
    return 1;
}
