using static TorchSharp.torch;

namespace DistillSharp.Losses;

/// <summary>
/// What one batch gives a loss. A loss declares in <see cref="LossNeeds"/> what it reads; reading what was not given is an error that names it.
/// Tensors belong to whoever made this.
/// </summary>
public sealed record LossInputs
{
    private Tensor? _studentLogits, _teacherLogits, _labels, _indices, _studentStrong, _teacherStrong;
    private readonly LossBoxes? _boxes;
    private readonly Tensor? _teacherBoxes;

    /// <summary>The student's logits, <c>[N, C]</c> or <c>[N, L, C]</c>.</summary>
    public Tensor StudentLogits
    {
        get => Given(_studentLogits, "the student's logits");
        init => _studentLogits = value;
    }

    /// <summary>The teacher's logits, of the same shape; a formula sees them without gradient.</summary>
    public Tensor TeacherLogits
    {
        get => Given(_teacherLogits, "the teacher's logits");
        init => _teacherLogits = value;
    }

    /// <summary>The student's features, in the order of the taps.</summary>
    public IReadOnlyList<Tensor> StudentFeatures { get; init; } = [];

    /// <summary>The teacher's features, in the order of the taps; a formula sees them without gradient.</summary>
    public IReadOnlyList<Tensor> TeacherFeatures { get; init; } = [];

    /// <summary>The hard labels, int64: 0-based classes, <c>[N]</c> or <c>[N, L]</c>; below 0 is no label.</summary>
    public Tensor Labels
    {
        get => Given(_labels, "labels");
        init => _labels = value;
    }

    /// <summary>Which tokens count, <c>[N, L]</c>: 1 or 0; null where all do.</summary>
    public Tensor? Mask { get; init; }

    /// <summary>The samples' positions in the training data, int64, <c>[N]</c>.</summary>
    public Tensor Indices
    {
        get => Given(_indices, "the samples' positions in the training data");
        init => _indices = value;
    }

    /// <summary>How much each row of logits counts, <c>[N]</c>; null where all count alike.</summary>
    public Tensor? RowWeights { get; init; }

    /// <summary>The boxes of the pictures' objects.</summary>
    public LossBoxes Boxes
    {
        get => _boxes ?? throw Missing("boxes");
        init => _boxes = value;
    }

    /// <summary>A detecting teacher's class logits of every cell, <c>[N, C, cells]</c>, one tensor a head.</summary>
    public IReadOnlyList<Tensor> TeacherScores { get; init; } = [];

    /// <summary>A detecting student's raw maps, <c>[N, 64 + classes, h, w]</c>, fine to coarse.</summary>
    public IReadOnlyList<Tensor> StudentMaps { get; init; } = [];

    /// <summary>The boxes that the teacher finds, <c>[T, 7]</c>: picture, class, centre and extent (x, y, w, h) as shares of the input's width and height, and how sure it is, 0 to 1.</summary>
    public Tensor TeacherBoxes
    {
        get => Given(_teacherBoxes, "the teacher's boxes");
        init => _teacherBoxes = value;
    }

    /// <summary>The 0-based classes that the teacher knows: of the others its silence says nothing. Null where it knows all.</summary>
    public IReadOnlyList<int>? TeacherClasses { get; init; }

    /// <summary>The student's logits for the strongly augmented view, <c>[N, C]</c>.</summary>
    public Tensor StudentStrongLogits
    {
        get => Given(_studentStrong, "the student's logits for a strongly augmented view");
        init => _studentStrong = value;
    }

    /// <summary>The teacher's logits for the strongly augmented view, <c>[N, C]</c>; a formula sees them without gradient.</summary>
    public Tensor TeacherStrongLogits
    {
        get => Given(_teacherStrong, "the teacher's logits for a strongly augmented view");
        init => _teacherStrong = value;
    }

    /// <summary>The samples each sample is contrasted with, int64, <c>[N, K + 1]</c>, itself first; null to draw them.</summary>
    public Tensor? Contrast { get; init; }

    /// <summary>Numbers from 0 up to 1 to use instead of drawing them, one tensor for each draw; empty to draw them.</summary>
    public IReadOnlyList<Tensor> Uniform { get; init; } = [];

    /// <summary>How much of the run is done, 0 up to 1.</summary>
    public double Progress { get; init; }

    /// <summary>The 0-based epoch.</summary>
    public int Epoch { get; init; }

    /// <summary>The 0-based step, from which random numbers are drawn.</summary>
    public long Step { get; init; }

    /// <summary>Whether the student's logits were given.</summary>
    public bool HasStudentLogits => _studentLogits is not null;

    /// <summary>Whether the teacher's logits were given.</summary>
    public bool HasTeacherLogits => _teacherLogits is not null;

    /// <summary>Whether labels were given.</summary>
    public bool HasLabels => _labels is not null;

    /// <summary>Whether a strongly augmented view was given.</summary>
    public bool HasStrongView => _studentStrong is not null && _teacherStrong is not null;

    /// <summary>What was given.</summary>
    internal LossInput Given()
    {
        var given = LossInput.None;
        given |= HasStudentLogits ? LossInput.StudentLogits : 0;
        given |= HasTeacherLogits ? LossInput.TeacherLogits : 0;
        given |= HasLabels ? LossInput.Labels : 0;
        given |= StudentFeatures.Count > 0 && TeacherFeatures.Count > 0 ? LossInput.Features : 0;
        given |= Mask is not null ? LossInput.Mask : 0;
        given |= _indices is not null ? LossInput.Indices : 0;
        given |= RowWeights is not null ? LossInput.RowWeights : 0;
        given |= _boxes is not null ? LossInput.Boxes : 0;
        given |= TeacherScores.Count > 0 ? LossInput.TeacherScores : 0;
        given |= StudentMaps.Count > 0 ? LossInput.StudentMaps : 0;
        given |= _teacherBoxes is not null ? LossInput.TeacherBoxes : 0;
        given |= HasStrongView ? LossInput.StrongView : 0;
        return given;
    }

    /// <summary>The same, with the teacher's values cut off from whatever made them; itself where nothing did. The tensors made here belong to the current dispose scope.</summary>
    internal LossInputs WithoutTeacherGradient() => !TeacherHasGradient() ? this : this with
    {
        _teacherLogits = _teacherLogits?.detach(),
        _teacherStrong = _teacherStrong?.detach(),
        TeacherFeatures = [.. TeacherFeatures.Select(feature => feature.detach())],
        TeacherScores = [.. TeacherScores.Select(scores => scores.detach())],
    };

    private bool TeacherHasGradient() => _teacherLogits is { requires_grad: true } || _teacherStrong is { requires_grad: true } || AnyHasGradient(TeacherFeatures) || AnyHasGradient(TeacherScores);

    private static bool AnyHasGradient(IReadOnlyList<Tensor> tensors)
    {
        for (int i = 0; i < tensors.Count; i++)
        {
            if (tensors[i].requires_grad)
            {
                return true;
            }
        }

        return false;
    }

    private static Tensor Given(Tensor? value, string what) => value ?? throw Missing(what);

    private static InvalidOperationException Missing(string what) => new($"The loss reads {what}, which it was not given; a loss declares what it reads in its needs.");
}

/// <summary>The boxes of a batch's objects.</summary>
/// <param name="Corners">Left, top, right, bottom, in pixels of the network's input, <c>[M, 4]</c>.</param>
/// <param name="Pictures">The 0-based picture of each, int64, <c>[M]</c>.</param>
/// <param name="Sizes">The height and width of each picture of the batch, in pixels of the network's input.</param>
public sealed record LossBoxes(Tensor Corners, Tensor Pictures, IReadOnlyList<(int Height, int Width)> Sizes);
