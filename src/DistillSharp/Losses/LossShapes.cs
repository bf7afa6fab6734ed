using static TorchSharp.torch;

namespace DistillSharp.Losses;

/// <summary>The shapes of what a loss is given, the batch first.</summary>
public sealed record LossShapes
{
    /// <summary>Of the student's logits; null where there are none.</summary>
    public IReadOnlyList<long>? StudentLogits { get; init; }

    /// <summary>Of the teacher's logits; null where there are none.</summary>
    public IReadOnlyList<long>? TeacherLogits { get; init; }

    /// <summary>Of the student's features, in the order of the taps.</summary>
    public IReadOnlyList<IReadOnlyList<long>> StudentFeatures { get; init; } = [];

    /// <summary>Of the teacher's features, in the order of the taps.</summary>
    public IReadOnlyList<IReadOnlyList<long>> TeacherFeatures { get; init; } = [];

    /// <summary>A shape as text: <c>[64, 10]</c>.</summary>
    /// <param name="shape">The shape.</param>
    public static string Text(IReadOnlyList<long>? shape) => shape is null ? "nothing" : $"[{string.Join(", ", shape)}]";

    /// <summary>The shapes of a batch.</summary>
    /// <param name="inputs">The batch.</param>
    public static LossShapes Of(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return new()
        {
            StudentLogits = inputs.HasStudentLogits ? inputs.StudentLogits.shape : null,
            TeacherLogits = inputs.HasTeacherLogits ? inputs.TeacherLogits.shape : null,
            StudentFeatures = Shapes(inputs.StudentFeatures),
            TeacherFeatures = Shapes(inputs.TeacherFeatures),
        };
    }

    /// <summary>Whether a batch has these shapes; nothing is allocated.</summary>
    internal bool AreOf(LossInputs inputs) =>
        IsOf(StudentLogits, inputs.HasStudentLogits ? inputs.StudentLogits : null)
        && IsOf(TeacherLogits, inputs.HasTeacherLogits ? inputs.TeacherLogits : null)
        && AreOf(StudentFeatures, inputs.StudentFeatures)
        && AreOf(TeacherFeatures, inputs.TeacherFeatures);

    /// <summary>Whether there is one value (a label, a mask's) for each row of logits: the same shape but for the classes.</summary>
    internal static bool HasOnePerRow(Tensor logits, Tensor values)
    {
        int rows = (int)values.Dimensions;
        if (logits.Dimensions != rows + 1)
        {
            return false;
        }

        for (int i = 0; i < rows; i++)
        {
            if (logits.size(i) != values.size(i))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreOf(IReadOnlyList<IReadOnlyList<long>> shapes, IReadOnlyList<Tensor> tensors)
    {
        if (shapes.Count != tensors.Count)
        {
            return false;
        }

        for (int i = 0; i < shapes.Count; i++)
        {
            if (!IsOf(shapes[i], tensors[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsOf(IReadOnlyList<long>? shape, Tensor? tensor)
    {
        if (shape is null || tensor is null)
        {
            return shape is null && tensor is null;
        }

        if (tensor.Dimensions != shape.Count)
        {
            return false;
        }

        for (int i = 0; i < shape.Count; i++)
        {
            if (tensor.size(i) != shape[i])
            {
                return false;
            }
        }

        return true;
    }

    private static IReadOnlyList<long>[] Shapes(IReadOnlyList<Tensor> tensors)
    {
        var shapes = new IReadOnlyList<long>[tensors.Count];
        for (int i = 0; i < shapes.Length; i++)
        {
            shapes[i] = tensors[i].shape;
        }

        return shapes;
    }
}
