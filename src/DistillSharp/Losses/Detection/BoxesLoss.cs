using DistillSharp.Detection.Losses;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;

namespace DistillSharp.Losses.Detection;

/// <summary>
/// Takes the boxes that the teacher finds for labels, each counting as much as the teacher is sure of it: the detector's own loss with soft targets. It needs nothing of
/// the teacher but boxes and scores, so any detector teaches, whatever its family, its input or its head.
/// </summary>
/// <param name="options">The options.</param>
[Plugin("boxes", "The boxes that the teacher finds as soft labels: for teachers of any family")]
[LossNotes(
    Formula = "box·Σ w q (1 − CIoU) / Σ w q + cls·Σ BCE(s, w q) / Σ w q + dfl·Σ w q DFL / Σ w q; w: the teacher's confidence in a box, q: the anchor's alignment with it, as in the detector's own loss",
    Use = "A teacher with another head or of another family, several teachers at once, pictures without labels.",
    Paper = "none; soft pseudo-labels as in unbiased and soft teachers (Liu et al., arXiv:2102.09480; Xu et al., arXiv:2106.09018), with the detector's own loss",
    Cost = "as much as the detector's own loss: the maps' size, and the assignment of the boxes")]
public sealed class BoxesLoss(BoxesLossOptions options) : DistillationLoss(options)
{
    private const int Sides = 64, Columns = 7;
    private DetectionLoss? _loss;
    private long _classes;

    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.StudentMaps | LossInput.TeacherBoxes);

    /// <inheritdoc/>
    public override LossAgreement Agreement => LossAgreement.Open;

    /// <summary>The gradient leaves out the weight of CIoU's aspect term and the assignment, as the detector's own loss does.</summary>
    public override bool HoldsFactors => true;

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        long channels = inputs.StudentMaps[0].shape[1];
        if (_loss is null || _classes != channels - Sides)
        {
            _classes = channels - Sides;
            _loss = _classes < 1 ? throw new ArgumentException($"BoxesLoss got maps of {channels} channels; a detector's have {Sides} for the sides of boxes and one for each class.", nameof(inputs))
                : new(new() { Classes = (int)_classes, BoxGain = options.BoxGain, ClassGain = options.ClassGain, DistributionGain = options.DistributionGain });
        }

        var boxes = inputs.TeacherBoxes;
        if (boxes.dim() != 2 || boxes.shape[1] != Columns)
        {
            throw new ArgumentException($"BoxesLoss got the teacher's boxes as {LossShapes.Text(boxes.shape)} for maps {LossShapes.Text(inputs.StudentMaps[0].shape)}; [T, 7] was expected: picture, class, x, y, width, height, confidence in each row.", nameof(inputs));
        }

        // The total is a sum over the batch's pictures.
        return _loss.Compute(inputs.StudentMaps, boxes, inputs.TeacherClasses).Total.div(Number.Of((double)inputs.StudentMaps[0].shape[0]));
    }
}

/// <summary>The options of <see cref="BoxesLoss"/>. The gains are those of the detector's own loss.</summary>
public sealed record BoxesLossOptions : DistillationLossOptions
{
    private const string Gain = "A gain must be 0 or more; 0.5 to 7.5 in practice.";

    /// <summary>The weight of the boxes' overlap. Default 7.5.</summary>
    public double BoxGain
    {
        get;
        init => field = AtLeastZero(value, Gain);
    } = 7.5;

    /// <summary>The weight of the class scores. Default 0.5.</summary>
    public double ClassGain
    {
        get;
        init => field = AtLeastZero(value, Gain);
    } = 0.5;

    /// <summary>The weight of the distributions of the boxes' sides. Default 1.5.</summary>
    public double DistributionGain
    {
        get;
        init => field = AtLeastZero(value, Gain);
    } = 1.5;
}
