using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;

namespace DistillSharp.Losses.Feature;

/// <summary>Activation boundaries: the student's values before the activation must lie on the teacher's side of zero, by a margin (Heo et al., arXiv:1811.03233).</summary>
/// <param name="options">The options.</param>
[Plugin("ab", "Activation boundaries: which neurons fire (arXiv:1811.03233)")]
[LossNotes(
    Formula = "3/1000 · Σ_i 2^(i−n+1) · Σ max(0, m ∓ s)² / N; − where t > 0, + elsewhere; s, t before the activation",
    Use = "To start a student: alone in a first stage, before any other loss.",
    Paper = "Heo, Lee, Yun, Choi, AAAI 2019, arXiv:1811.03233; the authors' program as in CRD's comparison, Tian et al., arXiv:1910.10699",
    Cost = "O(N·C·H·W), and a 1x1 convolution where widths differ; vectors [N, D] are maps of one pixel")]
public sealed class AbLoss(AbLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Features = FeatureKind.PreActivations, Vectors = true, EqualSizes = true, EqualWidths = !options.Connector };

    /// <inheritdoc/>
    public override LossAgreement Agreement => LossAgreement.Open;

    /// <inheritdoc/>
    protected override ModelGraph? BuildAdapter(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var b = new GraphBuilder("connectors");
        var outputs = new List<GraphValue>();
        for (int i = 0; i < setup.Shapes.StudentFeatures.Count; i++)
        {
            var (student, teacher) = (setup.Shapes.StudentFeatures[i], setup.Shapes.TeacherFeatures[i]);
            if (student[1] != teacher[1])
            {
                outputs.Add(new(Connectors.Write(b, $"{i}", Connectors.Input(b, $"student.{i}", VectorMaps.Of(student)), teacher[1]), ElementType.Float32, null));
            }
        }

        return outputs.Count == 0 ? null : b.Build(outputs);
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var students = Connected(inputs);
        Tensor? total = null;
        for (int i = 0; i < students.Count; i++)
        {
            total = FeaturePairs.Add(total, Crossings(students[i], inputs.TeacherFeatures[i]), options.Convention == AbConvention.Code ? Math.Pow(2, i - students.Count + 1) : 1);
        }

        double factor = options.Convention == AbConvention.Torchdistill ? 1 : 3.0 / 1000;
        return total!.mul(Number.Of(factor / inputs.StudentFeatures[0].shape[0]));
    }

    private IReadOnlyList<Tensor> Connected(LossInputs inputs)
    {
        if (Adapter is null)
        {
            return inputs.StudentFeatures;
        }

        var outputs = Adapt(inputs.Step, inputs.StudentFeatures.Select((feature, i) => ($"student.{i}", feature)).Where(input => Adapter.Executor.InputNames.Contains(input.Item1)));
        return [.. inputs.StudentFeatures.Select((feature, i) => outputs.Names.Contains($"{i}.bn") ? outputs[$"{i}.bn"] : feature)];
    }

    /// <summary>How far values lie on the wrong side of the margin, squared and summed.</summary>
    private Tensor Crossings(Tensor student, Tensor teacher) =>
        where(teacher.gt(Number.Of(0)), student.neg(), student).Plus(Number.Of(options.Margin)).relu().Squared().sum();
}

/// <summary>The options of <see cref="AbLoss"/>.</summary>
public sealed record AbLossOptions : FeatureLossOptions
{
    /// <summary>Which published form. Default <c>code</c>, the authors' program.</summary>
    public AbConvention Convention { get; init; }

    /// <summary>How far from zero the student's values must be, 0 or more. Default 1.</summary>
    public double Margin
    {
        get;
        init => field = AtLeastZero(value, "The margin must be 0 or more; 1 in practice.");
    } = 1;

    /// <summary>Whether a trained 1x1 convolution with batch normalisation brings the student to the teacher's channels where they differ. Default yes.</summary>
    public bool Connector { get; init; } = true;
}

/// <summary>The published forms of activation boundaries.</summary>
public enum AbConvention
{
    /// <summary>The authors' program: earlier stages count half as much each, all times 3/1000.</summary>
    Code,

    /// <summary>All stages count alike, times 3/1000.</summary>
    Mmrazor,

    /// <summary>All stages count alike, without the factor.</summary>
    Torchdistill,
}
