using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Feature;

/// <summary>Matches embeddings, each number weighed by how sure a trained branch is of it (prime-aware adaptive distillation, Zhang et al., arXiv:2008.01458).</summary>
/// <param name="options">The options.</param>
[Plugin("pad-l2", "Squared difference of embeddings, weighed by a learned variance (arXiv:2008.01458)")]
[LossNotes(
    Formula = "mean ((t − s)² / (ε + σ²) + log σ²), log σ² = batch normalisation of a linear layer of s; summed over pairs",
    Use = "Student and teacher of equally wide embeddings, where some samples are too hard for the student. May fall below 0.",
    Paper = "Zhang et al., ECCV 2020, arXiv:2008.01458",
    Cost = "one linear layer, width by width; O(N·D²)")]
public sealed class PadL2Loss(PadL2LossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Features = FeatureKind.Embedding, EqualWidths = true };

    /// <inheritdoc/>
    public override LossAgreement Agreement => LossAgreement.Open;

    /// <inheritdoc/>
    protected override void CheckShapes(LossShapes shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        foreach (var (student, teacher) in shapes.StudentFeatures.Zip(shapes.TeacherFeatures))
        {
            if (student.Count != 2 || teacher.Count != 2)
            {
                throw new ArgumentException($"PadL2Loss compares embeddings [N, D], but the student gave {LossShapes.Text(student)} and the teacher {LossShapes.Text(teacher)}. Tap what goes into the last layer.");
            }
        }
    }

    /// <inheritdoc/>
    protected override ModelGraph BuildAdapter(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var b = new GraphBuilder("variances");
        var outputs = new List<GraphValue>();
        for (int i = 0; i < setup.Shapes.StudentFeatures.Count; i++)
        {
            long width = setup.Shapes.StudentFeatures[i][1];
            string x = b.Input($"student.{i}", Dimension.Named(GraphBuilder.BatchSymbol), width);
            outputs.Add(new(b.BatchNorm($"{i}.bn", b.Linear($"{i}.linear", x, (int)width)), ElementType.Float32, null));
        }

        return b.Build(outputs);
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var logVariances = Adapt(inputs.Step, inputs.StudentFeatures.Select((feature, i) => ($"student.{i}", feature)));
        return inputs.StudentFeatures
            .Select((student, i) => Term(student, inputs.TeacherFeatures[i], logVariances[$"{i}.bn"]))
            .Aggregate((sum, term) => sum.Plus(term));
    }

    private Tensor Term(Tensor student, Tensor teacher, Tensor logVariance)
    {
        // 1 / (ε + e^v) is sigmoid(log ε − v) / ε, which stays finite, and so does its gradient, where e^v would overflow.
        var share = logVariance.neg().Plus(Number.Of(Math.Log(options.Epsilon))).sigmoid();
        return logVariance.addcmul(mse_loss(student, teacher, nn.Reduction.None), share, Number.Of(1 / options.Epsilon)).mean();
    }
}

/// <summary>The options of <see cref="PadL2Loss"/>.</summary>
public sealed record PadL2LossOptions : FeatureLossOptions
{
    /// <summary>What is added to the variance, above 0. Default 1e-6.</summary>
    public double Epsilon
    {
        get;
        init => field = AboveZero(value, "Epsilon must be above 0; 1e-6 in practice.");
    } = 1e-6;
}
