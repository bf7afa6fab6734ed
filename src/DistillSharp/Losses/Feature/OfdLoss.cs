using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;

namespace DistillSharp.Losses.Feature;

/// <summary>Overhaul of feature distillation: matches what the teacher has before its activation, where it fires; elsewhere the student need only be below a margin (Heo et al., arXiv:1904.01866).</summary>
/// <param name="options">The options.</param>
[Plugin("ofd", "Feature overhaul: values before the activation, with margins (arXiv:1904.01866)")]
[LossNotes(
    Formula = "Σ_i 2^(i−n+1) · Σ d² / (N·1000); d = c(s) − max(t, m), only its positive part where max(t, m) ≤ 0; m by the teacher's batch normalisation",
    Use = "Teachers with batch normalisation before their ReLUs: among the strongest losses of features.",
    Paper = "Heo, Kim, Yun, Park, Kwak, Choi, ICCV 2019, arXiv:1904.01866; also as in DKD's comparison, Zhao et al., arXiv:2203.08679",
    Cost = "a 1x1 convolution from the student's to the teacher's channels each pair; O(N·C²·H·W)")]
public sealed class OfdLoss(OfdLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features | LossInput.TeacherNorms)
    {
        Features = FeatureKind.PreActivations,
        EqualSizes = options.Convention == OfdConvention.Authors,
        Unpaired = options.Convention == OfdConvention.Mdistiller,
    };

    /// <inheritdoc/>
    public override LossAgreement Agreement => LossAgreement.Open;

    /// <inheritdoc/>
    protected override void CheckShapes(LossShapes shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        if (shapes.TeacherFeatures.Count < shapes.StudentFeatures.Count)
        {
            throw new ArgumentException($"OfdLoss pairs the student's last feature with the teacher's last, and so on: {shapes.StudentFeatures.Count} features of the student need as many of the teacher, which gave {shapes.TeacherFeatures.Count}.");
        }
    }

    /// <inheritdoc/>
    protected override ModelGraph BuildAdapter(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var (students, teachers) = (setup.Shapes.StudentFeatures, setup.Shapes.TeacherFeatures);
        if (setup.TeacherNorms.Count != teachers.Count)
        {
            throw new ArgumentException($"OfdLoss takes its margins from the batch normalisation that makes each of the teacher's {teachers.Count} features, but {setup.TeacherNorms.Count} were given. Tap values right behind a batch normalisation.", nameof(setup));
        }

        var b = new GraphBuilder("connectors");
        var outputs = new List<GraphValue>();
        for (int i = 0; i < students.Count; i++)
        {
            int j = teachers.Count - students.Count + i;
            string connected = Connectors.Write(b, $"{i}", Connectors.Input(b, $"student.{i}", students[i]), teachers[j][1], options.ConnectorKernel);
            outputs.Add(new(connected, ElementType.Float32, null));
            outputs.Add(new(Target(b, i, setup.TeacherNorms[j], teachers[j]), ElementType.Float32, null));
        }

        return b.Build(outputs);
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        int pairs = inputs.StudentFeatures.Count;
        var outputs = Adapt(inputs.Step, Features(inputs));
        Tensor? total = null;
        for (int i = 0; i < pairs; i++)
        {
            var target = outputs[$"{i}.target"];
            var difference = outputs[$"{i}.bn"] - target;
            total = FeaturePairs.Add(total, where(target.gt(Number.Of(0)), difference, difference.relu()).Squared().sum(), Math.Pow(2, i - pairs + 1));
        }

        double divisor = options.Convention == OfdConvention.Authors ? options.Divisor : 1;
        return total!.div(Number.Of(inputs.StudentFeatures[0].shape[0] * divisor));
    }

    private static IEnumerable<(string Name, Tensor Value)> Features(LossInputs inputs)
    {
        for (int i = 0; i < inputs.StudentFeatures.Count; i++)
        {
            var student = inputs.StudentFeatures[i];
            yield return ($"student.{i}", student);
            yield return ($"teacher.{i}", MapSizes.Average(inputs.TeacherFeatures[inputs.TeacherFeatures.Count - inputs.StudentFeatures.Count + i], student.shape[2], student.shape[3]));
        }
    }

    /// <summary>The teacher's map, nowhere below its channels' margins.</summary>
    private static string Target(GraphBuilder b, int i, (TensorData Scale, TensorData Bias) norm, IReadOnlyList<long> teacher)
    {
        if (norm.Scale.Count != teacher[1] || norm.Bias.Count != teacher[1])
        {
            throw new ArgumentException($"OfdLoss was given a batch normalisation of {norm.Scale.Count} channels for the teacher's feature {LossShapes.Text(teacher)}. Tap values right behind a batch normalisation.");
        }

        string margin = b.Constant($"{i}.margin", TensorData.Create<float>(NegativeMargins.Of(norm.Scale, norm.Bias), teacher[1], 1, 1));
        return b.Node("Max", $"{i}.target", [Connectors.Input(b, $"teacher.{i}", teacher), margin]);
    }
}

/// <summary>The options of <see cref="OfdLoss"/>.</summary>
public sealed record OfdLossOptions : FeatureLossOptions
{
    /// <summary>Which published form. Default <c>authors</c>.</summary>
    public OfdConvention Convention { get; init; }

    /// <summary>What the authors' form is divided by beside the batch, above 0: 1000 for CIFAR, 10000 for ImageNet. Default 1000. The other form does not use it.</summary>
    public double Divisor
    {
        get;
        init => field = AboveZero(value, "The divisor must be above 0; 1000 for small pictures, 10000 for large ones.");
    } = 1000;

    /// <summary>Rows and columns of the connectors' filters, odd, 1 to 7. Default 1.</summary>
    public int ConnectorKernel
    {
        get;
        init => field = value is >= 1 and <= 7 && value % 2 == 1 ? value : throw new ArgumentOutOfRangeException(nameof(ConnectorKernel), value, "The connector's kernel must be odd, 1 to 7; 1 in practice.");
    } = 1;
}

/// <summary>The published forms of the feature overhaul.</summary>
public enum OfdConvention
{
    /// <summary>The authors': maps of equal rows and columns, divided by <see cref="OfdLossOptions.Divisor"/>.</summary>
    Authors,

    /// <summary>Without the divisor; the teacher's maps are averaged to the student's rows and columns, and its last features are taken where it has more.</summary>
    Mdistiller,
}
