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
    Use = "Where the student may keep the projector and the teacher's classifier, which its file then ends in. Alone, with hard: 0: the student's own classifier is thrown away, and terms on its logits would teach nothing that is kept.",
    Paper = "Chen, Mei, Zhang, Wang, Feng, Chen, CVPR 2022, arXiv:2203.14001",
    Cost = "three convolutions at the last map; O(N·C²·H·W)")]
public sealed class SimKdLoss(SimKdLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features | LossInput.TeacherClassifier) { Features = FeatureKind.LastMap, MostFeatures = 1 };

    /// <inheritdoc/>
    public override LossAgreement Agreement => LossAgreement.Open;

    /// <inheritdoc/>
    public override bool BringsPredictor => true;

    /// <summary>
    /// Writes what stands behind the student's last map once it is trained: the projector, pooling and the teacher's classifier, with their present weights.
    /// Input <c>student</c>, <c>[N, C, H, W]</c>; output <c>logits</c>, <c>[N, classes]</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The loss was not prepared.</exception>
    public override ModelGraph WritePredictor()
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

    /// <summary>The student's map averaged to the teacher's rows and columns where it has more.</summary>
    private static string Shrink(GraphBuilder b, string x, IReadOnlyList<long> student, IReadOnlyList<long> teacher)
    {
        long height = Math.Min(student[2], teacher[2]), width = Math.Min(student[3], teacher[3]), factor = student[2] / height;
        if (student[2] == factor * height && student[3] == factor * width)
        {
            return factor == 1 ? x : b.AveragePool("shrink", x, kernel: (int)factor, stride: (int)factor);
        }

        // ONNX has no adaptive pooling: its means are a product with the shares of each row, and of each column.
        x = b.Node("MatMul", "shrink.rows", [b.Constant("shrink.rows.shares", Shares(student[2], height, transposed: false)), x]);
        return b.Node("MatMul", "shrink.columns", [x, b.Constant("shrink.columns.shares", Shares(student[3], width, transposed: true))]);
    }

    /// <summary>How much of each of the many goes into each of the few, <c>[few, many]</c>: the means over whole places that adaptive pooling takes.</summary>
    private static TensorData Shares(long many, long few, bool transposed)
    {
        float[] shares = new float[few * many];
        for (long to = 0; to < few; to++)
        {
            long first = to * many / few, end = (((to + 1) * many) + few - 1) / few;
            for (long from = first; from < end; from++)
            {
                shares[transposed ? (from * few) + to : (to * many) + from] = 1f / (end - first);
            }
        }

        return transposed ? TensorData.Create<float>(shares, many, few) : TensorData.Create<float>(shares, few, many);
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
