using System.Globalization;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Runtime.Detection.Layouts;

/// <summary>Which of a model's outputs holds what of its boxes.</summary>
/// <param name="Form">How they lie in them.</param>
/// <param name="Boxes">The output with the boxes.</param>
/// <param name="Scores">The output with the scores.</param>
internal sealed record BoxOutputs(PlaceForm Form, string Boxes, string Scores)
{
    private const int FinishedWidth = 6;

    /// <summary>The output with the labels; null where each class has a score.</summary>
    public string? Labels { get; init; }

    /// <summary>The output that says how many of the places are filled; null where all are.</summary>
    public string? Counts { get; init; }

    /// <summary>Scores of a place.</summary>
    public int Columns { get; init; } = 1;

    /// <summary>Whether the boxes lie number by number, <c>[4, places]</c>, instead of place by place.</summary>
    public bool BoxesAcross { get; init; }

    /// <summary>Whether the scores lie class by class, <c>[classes, places]</c>, instead of place by place.</summary>
    public bool ScoresAcross { get; init; }

    /// <summary>Whether the last score is that of "no object".</summary>
    public bool HasNoObject { get; init; }

    /// <summary>Whether a place has a score of its own, before those of its classes.</summary>
    public bool HasObjectness { get; init; }

    /// <summary>Whether the answers have an axis of pictures; otherwise they are one picture's.</summary>
    public bool IsBatched { get; init; } = true;

    /// <summary>The outputs that are read.</summary>
    public IReadOnlyList<string> Names => [.. new[] { Boxes, Scores, Labels, Counts }.OfType<string>().Distinct()];

    /// <summary>Looks at one picture's part of an answer.</summary>
    /// <param name="outputs">The outputs.</param>
    /// <param name="picture">The picture's place in the batch.</param>
    /// <param name="pictures">How many pictures the model was given.</param>
    /// <exception cref="DataException">The outputs have other shapes than before.</exception>
    public PictureAnswer Picture(IReadOnlyList<OutputTensor> outputs, int picture, int pictures)
    {
        var boxes = Part(outputs, Boxes, picture, pictures, out long[] shape);
        if (Form is PlaceForm.Planes or PlaceForm.Rows or PlaceForm.Finished)
        {
            return Single(boxes, shape, outputs);
        }

        int places = (int)shape[BoxesAcross ? 1 : 0];
        var scores = Part(outputs, Scores, picture, pictures, out _);
        var labels = Labels is null ? default : Part(outputs, Labels, picture, pictures, out _);
        if (boxes.Length != 4L * places || scores.Length != (long)Columns * places || (Labels is not null && labels.Length != places))
        {
            throw Changed(outputs);
        }

        return new()
        {
            Count = Counts is null ? places : Filled(Part(outputs, Counts, picture, pictures, out _), places),
            Boxes = boxes,
            BoxesAt = BoxesAcross ? new(0, 1, places) : new(0, 4, 1),
            Scores = scores,
            ScoresAt = ScoresAcross ? new(0, 1, places) : new(0, Columns, 1),
            Columns = Columns,
            Classes = HasNoObject ? Columns - 1 : Columns,
            Labels = labels,
            LabelsAt = Labels is null ? default : new(0, 1),
        };
    }

    private static int Filled(ReadOnlySpan<float> count, int places) => count is [>= 0 and var told] ? (int)Math.Min(told, places) : places;

    private PictureAnswer Single(ReadOnlySpan<float> numbers, long[] shape, IReadOnlyList<OutputTensor> outputs)
    {
        int own = HasObjectness ? 1 : 0, width = Form == PlaceForm.Finished ? FinishedWidth : 4 + own + Columns;
        int places = (int)shape[Form == PlaceForm.Planes ? 1 : 0];
        if (shape.Length != 2 || shape[Form == PlaceForm.Planes ? 0 : 1] != width)
        {
            throw Changed(outputs);
        }

        var (step, stride) = Form == PlaceForm.Planes ? (1, places) : (width, 1);
        return new()
        {
            Count = places,
            Boxes = numbers,
            BoxesAt = new(0, step, stride),
            Scores = numbers,
            ScoresAt = new((4 + own) * stride, step, stride),
            Columns = Columns,
            Classes = Columns,
            ObjectnessAt = HasObjectness ? new(4 * stride, step) : null,
            Labels = Form == PlaceForm.Finished ? numbers : default,
            LabelsAt = Form == PlaceForm.Finished ? new(5, step) : default,
        };
    }

    /// <summary>One picture's numbers of an output, and their shape without the axis of pictures.</summary>
    private ReadOnlySpan<float> Part(IReadOnlyList<OutputTensor> outputs, string name, int picture, int pictures, out long[] shape)
    {
        var output = outputs.Single(one => one.Name == name);
        if (!IsBatched)
        {
            shape = output.Shape;
            return output.Values;
        }

        if (output.Shape is not [var rows, ..] || rows != pictures)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"The model's output {output} has no row for each of {pictures} pictures. Give it one picture at once (the option BatchSize, 1), or export it with a free batch."));
        }

        int length = output.Values.Length / pictures;
        shape = output.Shape[1..];
        return output.Values.AsSpan(picture * length, length);
    }

    private static DataException Changed(IReadOnlyList<OutputTensor> outputs) =>
        new($"The model's outputs no longer have the shapes of its first answer: {string.Join(", ", outputs)}. A detector gives boxes, scores and labels for the same places each time.");
}
