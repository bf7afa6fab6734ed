using System.Globalization;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Cli.Commands;

/// <summary>Finds boxes in pictures, prints a line a picture and writes what was asked for. A picture that cannot be read is named, and the others go on.</summary>
/// <param name="options">What to find and to write.</param>
internal sealed class DetectorPrediction(DetectorPredictionOptions options)
{
    public int Run(ModelSession session, string[] given, CancellationToken cancellation)
    {
        using var predictor = new DetectionPredictor(session, options.Predictor);
        var pictures = PictureFiles.Of(given);
        using var files = new PredictionFiles(options, predictor.NameOf);
        DetectionSpeed total = default;
        int done = 0;
        foreach (string path in pictures)
        {
            cancellation.ThrowIfCancellationRequested();
            PixelImage image;
            try
            {
                image = ImageFile.Load(path);
            }
            catch (DataException error)
            {
                Console.Error.WriteLine($"distill: {error.Message}");
                continue;
            }

            var found = predictor.Predict(image);
            var speed = predictor.SpeedOfLast;
            total = new(total.Preprocess + speed.Preprocess, total.Inference + speed.Inference, total.Postprocess + speed.Postprocess);
            done++;
            files.Add(path, image, found);
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {image.Width}x{image.Height} {ClassTally.Of(found, predictor.NameOf)}, {speed.Inference:0.0} ms"));
        }

        if (done > 0)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Speed: {total.Preprocess / done:0.0} ms preprocess, {total.Inference / done:0.0} ms inference, {total.Postprocess / done:0.0} ms postprocess per image"));
            Console.Out.WriteLine($"saved to {RunCommand.Near(files.Finish())}");
        }

        return done == pictures.Count ? CommandLine.Done : CommandLine.Failed;
    }
}
