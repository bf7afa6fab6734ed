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

    private static IReadOnlyList<long>[] Shapes(IReadOnlyList<TorchSharp.torch.Tensor> tensors)
    {
        var shapes = new IReadOnlyList<long>[tensors.Count];
        for (int i = 0; i < shapes.Length; i++)
        {
            shapes[i] = tensors[i].shape;
        }

        return shapes;
    }
}
