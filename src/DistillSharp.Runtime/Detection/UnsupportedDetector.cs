using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis;

namespace DistillSharp.Runtime.Detection;

/// <summary>Recognizes detectors whose answers cannot be read yet, so that they are refused by name instead of being read wrongly.</summary>
public static class UnsupportedDetector
{
    /// <summary>The strides of YOLO's heads.</summary>
    private static readonly int[] s_strides = [8, 16, 32];

    private const int FastestDetStride = 16, AnchorsOfACell = 3, FewestNumbers = 6;

    /// <summary>What can be read, and what to do.</summary>
    private const string Advice = "Recognized are decoded boxes: [N, 4 + classes, places] or [N, places, 4 + classes] (YOLOv8, YOLO11), [N, places, 5 + classes] with class names (YOLOv5), and [N, rows, 6] with the suppression inside; "
        + "export the model with its decoding, or use another detector.";

    /// <summary>What is wrong with an output of four or more axes, which is neither a classifier's nor a detector's that can be read.</summary>
    /// <param name="input">The shape of the model's input; null where a size is free.</param>
    /// <param name="name">The output's name.</param>
    /// <param name="output">Its shape; null where a size is free.</param>
    /// <returns>What it looks like, in sentences; null where it may be a classifier's, or a detector's that is read.</returns>
    public static string? OfMap(IReadOnlyList<long?> input, string name, IReadOnlyList<long?> output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        if (input is not [_, null or 3, var height, var width] || output.Count < 4 || output.Skip(2).All(size => size is 1))
        {
            return null;
        }

        bool fastest = output is [_, >= FewestNumbers, { } rows, { } columns] && height == rows * FastestDetStride && width == columns * FastestDetStride;
        string looks = fastest
            ? string.Create(CultureInfo.InvariantCulture, $"looks like FastestDet: its output '{name}' {Text(output)} may hold an objectness, 4 box values and {output[1] - 5} classes for each cell of stride {FastestDetStride}")
            : $"answers maps: its output '{name}' is {Text(output)}, as raw heads of a detector or a segmentation are";
        return $"The model {looks}. Such answers are not supported yet. {Advice}";
    }

    /// <summary>What is wrong with a model's file, as far as its shapes tell.</summary>
    /// <param name="graph">The model; it is not changed.</param>
    /// <param name="classes">The number of its classes, from its card or its user; null where nobody says.</param>
    /// <returns>What it looks like, in sentences; null where it may be a classifier's, or a detector's that is read.</returns>
    public static string? Of(ModelGraph graph, int? classes = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var inferred = graph.Clone();
        ShapeInference.Infer(inferred);
        IReadOnlyList<long?> Shape(string? value) => ShapeInference.Find(inferred, value)?.Shape is { } shape ? [.. shape.Select(size => size.Size)] : [];
        var input = Shape(inferred.Inputs.FirstOrDefault()?.Name);
        string[] maps = [.. inferred.Outputs.Select(output => OfMap(input, output.Name, Shape(output.Name))).OfType<string>()];
        if (maps.Length > 0 && maps.Length == inferred.Outputs.Count)
        {
            return maps[0];
        }

        return inferred.Outputs is [var only] && input is [_, null or 3, { } height, { } width] && Shape(only.Name) is [_, { } places, { } columns] && IsOfCells(places, ((int)height, (int)width))
            ? OfRows(only.Name, [1, places, columns], ((int)height, (int)width), classes) : null;
    }

    /// <summary>What is wrong with rows that hold an objectness but no decoded boxes, or that cannot be told from such.</summary>
    /// <param name="name">The output's name.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="size">Rows and columns of the pictures.</param>
    /// <param name="classes">The number of classes, from card, data or user; null where nobody says.</param>
    /// <returns>What it looks like, in sentences; null where it can be read.</returns>
    internal static string? OfRows(string name, ReadOnlySpan<long> shape, (int Height, int Width) size, int? classes)
    {
        if (shape.Length != 3 || shape[2] <= FewestNumbers || shape[1] <= shape[2] || shape[2] == 4 + classes || shape[2] == 5 + classes)
        {
            return null;
        }

        string text = Text([.. shape.ToArray().Select(one => (long?)one)]);
        long columns = shape[2];
        string otherwise = string.Create(CultureInfo.InvariantCulture, $" If each row is a box and {columns - 4} classes instead, write their names into a card: distill convert FILE --names FILE --out FILE.");
        return IsOfCells(shape[1], size) ? Yolox(name, text, columns - 5) + otherwise
            : classes is not null ? null
            : string.Create(CultureInfo.InvariantCulture, $"The model's output '{name}' {text} may hold a box and {columns - 4} classes in each row, or a box, an objectness and {columns - 5} classes{(IsOfCells(shape[1], size, AnchorsOfACell) ? " (YOLOv5)" : "")}, and no class names say which. ")
                + "Write its names into a card: distill convert FILE --names FILE --out FILE.";
    }

    /// <summary>What is wrong with the boxes beside an objectness, where they are not decoded: no center lies in the right half of the picture.</summary>
    /// <param name="name">The output's name.</param>
    /// <param name="centers">Numbers that hold a center's x for each place.</param>
    /// <param name="places">The number of places.</param>
    /// <param name="step">From one place's number to the next.</param>
    /// <param name="size">Rows and columns of the pictures.</param>
    /// <param name="classes">The number of classes.</param>
    /// <returns>What it looks like, in sentences; null where the boxes are decoded, or there are fewer or more than one for each cell.</returns>
    internal static string? OfBoxes(string name, ReadOnlySpan<float> centers, int places, int step, (int Height, int Width) size, int classes)
    {
        if (!IsOfCells(places, size))
        {
            return null;
        }

        for (int i = 0; i < places; i++)
        {
            if (centers[i * step] >= size.Width / 2f)
            {
                return null;
            }
        }

        return Yolox(name, Text([1, places, 5 + classes]), classes);
    }

    private static string Yolox(string name, string shape, long classes) => string.Create(
        CultureInfo.InvariantCulture,
        $"The model looks like YOLOX: its output '{name}' {shape} has one row for each cell of strides 8, 16 and 32, with an objectness beside {classes} classes. Its undecoded boxes, and its pictures of 0 to 255 in BGR, are not supported yet. {Advice}");

    private static bool IsOfCells(long places, (int Height, int Width) size, int anchors = 1) => places == anchors * s_strides.Sum(stride => (long)(size.Height / stride) * (size.Width / stride));

    private static string Text(IReadOnlyList<long?> shape) => $"[{string.Join(", ", shape.Select(size => size?.ToString(CultureInfo.InvariantCulture) ?? "?"))}]";
}
