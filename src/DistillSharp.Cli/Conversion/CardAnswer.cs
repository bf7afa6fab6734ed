using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis;

namespace DistillSharp.Cli.Conversion;

/// <summary>What a model answers, as far as a card must agree with it: classes, or boxes with a score of each class.</summary>
/// <param name="Output">The output's name.</param>
/// <param name="Shape">Its shape; null where it is unknown.</param>
internal sealed record CardAnswer(string Output, IReadOnlyList<Dimension>? Shape)
{
    private const string BoxesName = "output0";
    private const int FinishedWidth = 6;

    /// <summary>Looks at the output that holds the answer: the one that exporters of detectors call <c>output0</c>, otherwise the first.</summary>
    public static CardAnswer Of(ModelGraph graph)
    {
        var inferred = graph.Clone();
        ShapeInference.Infer(inferred);
        string name = (inferred.Outputs.FirstOrDefault(output => output.Name == BoxesName) ?? inferred.Outputs[0]).Name;
        return new(name, ShapeInference.Find(inferred, name)?.Shape);
    }

    /// <summary>Whether it looks like boxes: three axes.</summary>
    public bool IsDetector => Shape is { Count: 3 };

    /// <summary>Refuses a number of names that the answer contradicts.</summary>
    /// <param name="detector">Whether boxes are answered.</param>
    /// <param name="count">The number of names.</param>
    /// <param name="before">The number of names that the card held before; null where there was none.</param>
    /// <exception cref="ArgumentException">It contradicts.</exception>
    public void Require(bool detector, int count, int? before)
    {
        // What the old names leave for an objectness stays one.
        bool plain = before is { } old && Shape is { Count: 3 } && (Shape[1].Size == 4 + old || Shape[2].Size == 4 + old);
        if (Shape is not null && !(detector ? FitsBoxes(count, plain) : FitsClasses(count)))
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"There are {count} class names, but the model's output '{Output}' is [{string.Join(", ", Shape)}]{(detector ? string.Create(CultureInfo.InvariantCulture, $"; {4 + count} numbers for each place are expected, or {5 + count} with an objectness") : "")}. Give one name for each class."));
        }
    }

    /// <summary>Boxes and classes may lie on either axis; rows of six may be finished boxes of any number of classes.</summary>
    private bool FitsBoxes(int count, bool plain) => Shape is not { Count: 3 } || (Shape[2].Size == FinishedWidth && !plain) || Fits(Shape[1], count, plain) || Fits(Shape[2], count, plain);

    private static bool Fits(Dimension axis, int count, bool plain) => axis.Size is not { } size ? !plain : size == 4 + count || (size == 5 + count && !plain);

    /// <summary>The classes are the only axis behind the batch that is not one.</summary>
    private bool FitsClasses(int count) => Shape!.Skip(1).Where(size => size.Size != 1).ToList() is not [{ Size: { } classes }] || classes == count;
}
