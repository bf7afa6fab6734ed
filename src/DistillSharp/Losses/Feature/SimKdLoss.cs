using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Feature;

/// <summary>SimKD: a projector makes the teacher's last map of the student's; the student then uses the teacher's own classifier (Chen et al., arXiv:2203.14001).</summary>
/// <param name="options">The options.</param>
[Plugin("simkd", "The teacher's classifier reused behind a projector (arXiv:2203.14001)")]
[LossNotes(
    Formula = "mean (p(s) − t)²; p: 1x1, 3x3 and 1x1 convolutions, each with batch normalisation and ReLU",
    Use = "Where the student may keep the projector and the teacher's classifier: alone, without hard labels. What is shipped is the student's body, then the graph of WritePredictor.",
    Paper = "Chen, Mei, Zhang, Wang, Feng, Chen, CVPR 2022, arXiv:2203.14001",
    Cost = "three convolutions at the last map; O(N·C²·H·W)")]
public sealed class SimKdLoss(SimKdLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features | LossInput.TeacherClassifier) { Features = FeatureKind.LastMap, MostFeatures = 1 };

    /// <inheritdoc/>
    public override LossAgreement Agreement => LossAgreement.Open;

    /// <summary>
    /// Writes what stands behind the student's last map once it is trained: the projector, pooling and the teacher's classifier, with their present weights.
    /// Input <c>student</c>, <c>[N, C, H, W]</c>; output <c>logits</c>, <c>[N, classes]</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The loss was not prepared, or the student's map is larger than the teacher's by no whole factor.</exception>
    public ModelGraph WritePredictor()
    {
        if (Setup is null || Adapter is null)
        {
            throw new InvalidOperationException("SimKdLoss has no projector yet: prepare it first.");
        }

        var (student, teacher) = (Setup.Shapes.StudentFeatures[0], Setup.Shapes.TeacherFeatures[0]);
        var b = new GraphBuilder("predictor");
        string x = Connectors.Input(b, "student", student);
        x = b.GlobalAveragePool("pool", Project(b, Shrink(b, x, student, teacher), teacher[1]));
        var graph = b.Build(FrozenClassifier.Write(b, "classifier", b.Flatten("flat", x), FrozenClassifier.Of(nameof(SimKdLoss), Setup, teacher[1])));
        Adapter.Executor.WriteTo(graph);
        return graph;
    }

    /// <inheritdoc/>
    protected override ModelGraph BuildAdapter(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        long channels = setup.Shapes.TeacherFeatures[0][1];
        FrozenClassifier.Of(nameof(SimKdLoss), setup, channels);
        var b = new GraphBuilder("projector");
        return b.Build([new GraphValue(Project(b, Connectors.Input(b, "student", setup.Shapes.StudentFeatures[0]), channels), ElementType.Float32, null)]);
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var (student, teacher) = MapSizes.Meet(inputs.StudentFeatures[0], inputs.TeacherFeatures[0]);
        return mse_loss(Adapt(inputs.Step, ("student", student))["transfer.8"], teacher);
    }

    /// <summary>The bottleneck to the teacher's channels.</summary>
    private string Project(GraphBuilder b, string x, long channels)
    {
        int inside = (int)Math.Max(1, channels / options.Factor);
        x = b.Relu("transfer.2", b.BatchNorm("transfer.1", b.Conv("transfer.0", x, inside, kernel: 1)));
        x = b.Relu("transfer.5", b.BatchNorm("transfer.4", b.Conv("transfer.3", x, inside, kernel: 3, padding: 1)));
        return b.Relu("transfer.8", b.BatchNorm("transfer.7", b.Conv("transfer.6", x, (int)channels, kernel: 1)));
    }

    private static string Shrink(GraphBuilder b, string x, IReadOnlyList<long> student, IReadOnlyList<long> teacher)
    {
        if (student[2] <= teacher[2] && student[3] <= teacher[3])
        {
            return x;
        }

        int factor = (int)(student[2] / teacher[2]);
        return student[2] == factor * teacher[2] && student[3] == factor * teacher[3]
            ? b.AveragePool("shrink", x, kernel: factor, stride: factor)
            : throw new InvalidOperationException($"The student's map {LossShapes.Text(student)} is not a whole number of times as large as the teacher's {LossShapes.Text(teacher)}, so its averaging has no graph. Tap a map whose rows and columns are a multiple.");
    }
}

/// <summary>The options of <see cref="SimKdLoss"/>.</summary>
public sealed record SimKdLossOptions : FeatureLossOptions
{
    /// <summary>How many times fewer channels the projector's middle has than the teacher's map, 1 to 64. Default 2.</summary>
    public int Factor
    {
        get;
        init => field = value is >= 1 and <= 64 ? value : throw new ArgumentOutOfRangeException(nameof(Factor), value, "The factor must be 1 to 64; 2 to 8 in practice.");
    } = 2;
}
