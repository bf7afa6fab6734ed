using System.Globalization;
using DistillSharp.Tasks.Images;

namespace EdgeClassifier;

/// <summary>What was typed.</summary>
/// <param name="Model">The ONNX file.</param>
/// <param name="Pictures">The pictures: files, and the files of folders in the order of their names.</param>
/// <param name="Threads">Threads of ONNX Runtime, 0 for one a core.</param>
/// <param name="Repeat">Predictions of each picture.</param>
/// <param name="Memory">Whether the memory is told at the end.</param>
internal sealed record EdgeArguments(string Model, IReadOnlyList<string> Pictures, int Threads, int Repeat, bool Memory)
{
    private const string Usage = "Usage: EdgeClassifier MODEL.onnx PICTURE-OR-FOLDER... [--threads N] [--repeat N] [--memory]";

    public static EdgeArguments Parse(string[] arguments)
    {
        List<string> names = [];
        int threads = 0, repeat = 1;
        bool memory = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--threads":
                    threads = Number(arguments, ++i, 0);
                    break;
                case "--repeat":
                    repeat = Number(arguments, ++i, 1);
                    break;
                case "--memory":
                    memory = true;
                    break;
                case ['-', '-', ..] option:
                    throw new ArgumentException($"There is no option '{option}'.\n{Usage}");
                default:
                    names.Add(arguments[i]);
                    break;
            }
        }

        return names.Count > 1
            ? new(names[0], [.. names.Skip(1).SelectMany(Files)], threads, repeat, memory)
            : throw new ArgumentException($"A model and at least one picture are needed.\n{Usage}");
    }

    private static int Number(string[] arguments, int index, int least) =>
        index < arguments.Length && int.TryParse(arguments[index], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least
            ? number
            : throw new ArgumentException($"{arguments[index - 1]} takes a whole number of {least} or more.\n{Usage}");

    private static IEnumerable<string> Files(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path).Where(file => ImageFile.Extensions.Contains(Path.GetExtension(file).ToLowerInvariant())).Order(StringComparer.Ordinal)
        : [path];
}
