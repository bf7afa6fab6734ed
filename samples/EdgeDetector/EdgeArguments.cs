using System.Globalization;
using DistillSharp.Tasks.Images;

namespace EdgeDetector;

/// <summary>What was typed.</summary>
/// <param name="Model">The ONNX file.</param>
/// <param name="Pictures">The pictures: files, and the files of folders in the order of their names.</param>
/// <param name="Out">The folder for drawn pictures; null for none.</param>
/// <param name="Confidence">What a box's confidence must exceed.</param>
/// <param name="Threads">Threads of ONNX Runtime, 0 for one a core.</param>
/// <param name="Repeat">Predictions of each picture.</param>
internal sealed record EdgeArguments(string Model, IReadOnlyList<string> Pictures, string? Out, float Confidence, int Threads, int Repeat)
{
    private const string Usage = "Usage: EdgeDetector MODEL.onnx PICTURE-OR-FOLDER... [--out FOLDER] [--conf SHARE] [--threads N] [--repeat N]";

    public static EdgeArguments Parse(string[] arguments)
    {
        List<string> names = [];
        int threads = 0, repeat = 1;
        float confidence = 0.25f;
        string? folder = null;
        for (int i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--threads":
                    threads = (int)Number(arguments, ++i, 0, int.MaxValue);
                    break;
                case "--repeat":
                    repeat = (int)Number(arguments, ++i, 1, int.MaxValue);
                    break;
                case "--conf":
                    confidence = (float)Number(arguments, ++i, 0, 1);
                    break;
                case "--out":
                    folder = ++i < arguments.Length ? arguments[i] : throw new ArgumentException($"--out takes a folder.\n{Usage}");
                    break;
                case ['-', '-', ..] option:
                    throw new ArgumentException($"There is no option '{option}'.\n{Usage}");
                default:
                    names.Add(arguments[i]);
                    break;
            }
        }

        return names.Count > 1
            ? new(names[0], [.. names.Skip(1).SelectMany(Files)], folder, confidence, threads, repeat)
            : throw new ArgumentException($"A model and at least one picture are needed.\n{Usage}");
    }

    private static double Number(string[] arguments, int index, double least, double most) =>
        index < arguments.Length && double.TryParse(arguments[index], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number >= least && number <= most
            ? number
            : throw new ArgumentException($"{arguments[index - 1]} takes a number from {least} to {most}.\n{Usage}");

    private static IEnumerable<string> Files(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path).Where(file => ImageFile.Extensions.Contains(Path.GetExtension(file).ToLowerInvariant())).Order(StringComparer.Ordinal)
        : [path];
}
