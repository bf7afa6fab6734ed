using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Feature;

/// <summary>Softmax regression: the student's feature, through a connector, must be the teacher's and must give the teacher's logits in the teacher's own classifier (Yang et al., ICLR 2021).</summary>
/// <param name="options">The options.</param>
[Plugin("srrl", "Softmax regression: the student's feature in the teacher's classifier (ICLR 2021)")]
[LossNotes(
    Formula = "mean (c̄(s) − t̄)² + w · mean (W c̄(s) + b − z_t)²; c: 1x1 convolution, batch normalisation, ReLU; ¯: mean over places; W, b: the teacher's last layer",
    Use = "Beside the hard labels, where the teacher ends in pooling and a fully connected layer.",
    Paper = "Yang, Martinez, Bulat, Tzimiropoulos, ICLR 2021: Knowledge distillation via softmax regression representation learning; pooled: as in SimKD's comparison, Chen et al., arXiv:2203.14001",
    Cost = "a 1x1 convolution at the last map, the classifier once more; O(N·C²·H·W)")]
public sealed class SrrlLoss(SrrlLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features | LossInput.TeacherLogits | LossInput.TeacherClassifier)
    {
        Features = options.Convention == SrrlConvention.Paper ? FeatureKind.LastMap : FeatureKind.Embedding,
        MostFeatures = 1,
    };

    /// <inheritdoc/>
    public override LossAgreement Agreement => LossAgreement.Open;

    /// <inheritdoc/>
    protected override void CheckShapes(LossShapes shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        var (student, teacher) = (shapes.StudentFeatures[0], shapes.TeacherFeatures[0]);
        if (options.Convention == SrrlConvention.Pooled && (student.Count != 2 || teacher.Count != 2))
        {
            throw new ArgumentException($"SrrlLoss in its pooled form compares embeddings [N, D], but the student gave {LossShapes.Text(student)} and the teacher {LossShapes.Text(teacher)}. Tap what goes into the last layer.");
        }

        if (options.Convention == SrrlConvention.Pooled && student[0] < 2)
        {
            throw new ArgumentException($"SrrlLoss in its pooled form normalises over the batch, so it needs 2 samples or more, but the student gave {LossShapes.Text(student)}.");
        }
    }

    /// <inheritdoc/>
    protected override ModelGraph BuildAdapter(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        long channels = setup.Shapes.TeacherFeatures[0][1];
        var classifier = FrozenClassifier.Of(nameof(SrrlLoss), setup, channels);
        if (setup.Shapes.TeacherLogits is { Count: > 1 } logits && logits[1] != classifier.Weight.Shape[0])
        {
            throw new ArgumentException($"SrrlLoss was given the teacher's last layer {LossShapes.Text(classifier.Weight.Shape)}, but its logits are {LossShapes.Text(logits)}. Give the layer that makes the logits.", nameof(setup));
        }

        var b = new GraphBuilder("connector");
        string x = Connectors.Input(b, "student", setup.Shapes.StudentFeatures[0]);
        string vector = options.Convention == SrrlConvention.Paper
            ? b.Flatten("vector", b.GlobalAveragePool("pool", b.Relu("connector.relu", Connectors.Write(b, "connector", x, channels))))
            : b.Relu("vector", b.BatchNorm("connector.bn", Linear(b, "connector.linear", x, channels)));
        string predicted = FrozenClassifier.Write(b, "logits", vector, classifier);
        return b.Build([new GraphValue(vector, ElementType.Float32, null), new GraphValue(predicted, ElementType.Float32, null)]);
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var outputs = Adapt(inputs.Step, ("student", inputs.StudentFeatures[0]));
        var teacher = inputs.TeacherFeatures[0];
        var matching = mse_loss(outputs["vector"], options.Convention == SrrlConvention.Paper ? teacher.mean([2, 3]) : teacher);
        return FeaturePairs.Add(matching, mse_loss(outputs["logits"], inputs.TeacherLogits), options.LogitWeight);
    }

    /// <summary>A fully connected layer without bias: a 1x1 convolution of a map of one place.</summary>
    private static string Linear(GraphBuilder b, string path, string x, long channels)
    {
        int input = b.ChannelsOf(x);
        return b.Node("Gemm", path, [x, b.Weight($"{path}.weight", Initialization.TorchDefault(input), channels, input)], ("transB", new IntValue(1)));
    }
}

/// <summary>The options of <see cref="SrrlLoss"/>.</summary>
public sealed record SrrlLossOptions : FeatureLossOptions
{
    /// <summary>Which published form. Default <c>paper</c>.</summary>
    public SrrlConvention Convention { get; init; }

    /// <summary>The weight of the logits beside the features, 0 or more. Default 1.</summary>
    public double LogitWeight
    {
        get;
        init => field = AtLeastZero(value, "The weight of the logits must be 0 or more; 1 to 5 in practice.");
    } = 1;
}

/// <summary>The published forms of softmax regression.</summary>
public enum SrrlConvention
{
    /// <summary>The last map goes through the connector, then is averaged over its places.</summary>
    Paper,

    /// <summary>What goes into the last layer, <c>[N, D]</c>, goes through the connector.</summary>
    Pooled,
}
