using DistillSharp.Native;
using DistillSharp.Tasks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Relation;

/// <summary>Matches how far a batch's samples are from each other, and the angles between them (relational knowledge distillation, Park et al., arXiv:1904.05068).</summary>
/// <param name="options">The options.</param>
[Plugin("rkd", "Distances and angles between a batch's samples (arXiv:1904.05068)")]
[LossNotes(
    Formula = "w_d · mean huber(d_ij / mean d) + w_a · mean huber(cos of the angle at i between j and k), of student and teacher; summed over pairs",
    Use = "Embeddings of any widths; metric learning above all. The published weights are inside: 25 and 50.",
    Paper = "Park et al., CVPR 2019, arXiv:1904.05068; weights as in CRD's comparison, Tian et al., arXiv:1910.10699",
    Cost = "O(N³·D) for angles, with N²·D numbers held; O(N²·D) without")]
public sealed class RkdLoss(RkdLossOptions options) : DistillationLoss(options)
{
    // Squared distances below are cut off, so that the root has a gradient.
    private const double LeastSquare = 1e-12;

    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Features = FeatureKind.Embedding };

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return inputs.StudentFeatures.Zip(inputs.TeacherFeatures, Term).Aggregate((sum, term) => sum.Plus(term));
    }

    private Tensor Term(Tensor student, Tensor teacher)
    {
        if (student.shape[0] < 2)
        {
            // One sample is in no relation: the sum of nothing, which keeps a gradient.
            return student.narrow(0, 0, 0).sum();
        }

        var (distances, angles) = Relations(student);
        var (teacherDistances, teacherAngles) = Relations(teacher);
        var distance = distances is null ? null : smooth_l1_loss(distances, teacherDistances!).mul(Number.Of(options.DistanceWeight));
        var angle = angles is null ? null : smooth_l1_loss(angles, teacherAngles!).mul(Number.Of(options.AngleWeight));
        return distance is null ? angle ?? student.narrow(0, 0, 0).sum() : angle is null ? distance : distance.Plus(angle);
    }

    private (Tensor? Distances, Tensor? Angles) Relations(Tensor features)
    {
        var rows = features.flatten(1);
        rows = options.Normalize ? normalize(rows, p: 2, dim: 1, eps: 1e-12) : rows;
        if (options.AngleWeight == 0)
        {
            return (options.DistanceWeight == 0 ? null : Relative(SquaresOf(rows).clamp_min(Number.Of(LeastSquare)).sqrt()), null);
        }

        var differences = rows.unsqueeze(0) - rows.unsqueeze(1);
        var lengths = Norms.Of(differences, 2, [2]);
        var directions = differences.div(lengths.clamp_min(Number.Of(1e-12)).unsqueeze(2));
        var angles = directions.bmm(directions.transpose(1, 2));
        return (options.DistanceWeight == 0 ? null : Relative(lengths.clamp_min(Number.Of(Math.Sqrt(LeastSquare)))), angles);
    }

    /// <summary>Squared distances without holding the differences.</summary>
    private static Tensor SquaresOf(Tensor rows)
    {
        var squares = rows.Squared().sum(1);
        return squares.unsqueeze(0).Plus(squares.unsqueeze(1)) - rows.matmul(rows.transpose(0, 1)).mul(Number.Of(2.0));
    }

    /// <summary>Distances over the mean of those between different samples.</summary>
    private static Tensor Relative(Tensor distances)
    {
        long samples = distances.shape[0];
        using var diagonal = eye(samples, dtype: ScalarType.Bool, device: distances.device);
        var between = distances.masked_fill(diagonal, Number.Of(0.0));
        return between.div(between.sum().div(Number.Of((double)samples * (samples - 1))));
    }
}

/// <summary>The options of <see cref="RkdLoss"/>.</summary>
public sealed record RkdLossOptions : FeatureLossOptions
{
    /// <summary>The weight of distances, 0 or more; at 0 they are not computed. Default 25.</summary>
    public double DistanceWeight
    {
        get;
        init => field = AtLeastZero(value, "The weight must be 0 or more; 25 in practice.");
    } = 25;

    /// <summary>The weight of angles, 0 or more; at 0 they are not computed. Default 50.</summary>
    public double AngleWeight
    {
        get;
        init => field = AtLeastZero(value, "The weight must be 0 or more; 50 in practice.");
    } = 50;

    /// <summary>Whether rows are brought to length 1 first. Default no.</summary>
    public bool Normalize { get; init; }
}
