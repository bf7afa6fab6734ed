using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Feature;

/// <summary>Matches a teacher's map through a trained regressor on the student's: convolution, batch normalisation, ReLU, then the mean squared difference (FitNets, Romero et al., arXiv:1412.6550).</summary>
/// <param name="options">The options.</param>
[Plugin("fitnet", "Hints: the teacher's map by a regressor on the student's (arXiv:1412.6550)")]
[LossNotes(
    Formula = "mean (r(s) − t)²; r: convolution to the teacher's channels and size, batch normalisation, ReLU",
    Use = "A student that is thinner or deeper than its teacher; also alone, as the first of two stages.",
    Paper = "Romero et al., ICLR 2015, arXiv:1412.6550; the regressor as in CRD's comparison, Tian et al., arXiv:1910.10699",
    Cost = "one convolution from the student's to the teacher's channels; O(N·C·H·W)")]
public sealed class FitNetLoss(FitNetLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Features = FeatureKind.MiddleMap };

    /// <inheritdoc/>
    public override LossAgreement Agreement => LossAgreement.Open;

    /// <inheritdoc/>
    protected override void CheckShapes(LossShapes shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        foreach (var (student, teacher) in shapes.StudentFeatures.Zip(shapes.TeacherFeatures))
        {
            long s = student[2], t = teacher[2];
            if (s != 2 * t && 2 * s != t && (s < t || student[3] < teacher[3]))
            {
                throw new ArgumentException(
                    $"FitNetLoss cannot bring the student's map {LossShapes.Text(student)} to the teacher's rows and columns {LossShapes.Text(teacher)}: the student's may be of half their number, or of any larger one. Tap values of the same stride.");
            }
        }
    }

    /// <inheritdoc/>
    protected override ModelGraph BuildAdapter(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var b = new GraphBuilder("regressors");
        var outputs = new List<GraphValue>();
        for (int i = 0; i < setup.Shapes.StudentFeatures.Count; i++)
        {
            var (student, teacher) = (setup.Shapes.StudentFeatures[i], setup.Shapes.TeacherFeatures[i]);
            string x = b.Input($"student.{i}", Dimension.Named(GraphBuilder.BatchSymbol), student[1], student[2], student[3]);
            x = Convolve(b, $"{i}.conv", x, student, teacher);
            outputs.Add(new(b.Relu($"{i}.relu", b.BatchNorm($"{i}.bn", x)), ElementType.Float32, null));
        }

        return b.Build(outputs);
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var outputs = Adapt(inputs.Step, inputs.StudentFeatures.Select((feature, i) => ($"student.{i}", feature)));
        Tensor? total = null;
        for (int i = 0; i < inputs.TeacherFeatures.Count; i++)
        {
            var term = mse_loss(outputs[$"{i}.relu"], inputs.TeacherFeatures[i]);
            total = total is null ? term : total.Plus(term);
        }

        return total!;
    }

    private static string Convolve(GraphBuilder b, string path, string x, IReadOnlyList<long> student, IReadOnlyList<long> teacher)
    {
        int channels = (int)teacher[1];
        return student[2] == 2 * teacher[2] ? b.Conv(path, x, channels, kernel: 3, stride: 2, padding: 1, bias: true)
            : 2 * student[2] == teacher[2] ? b.ConvTranspose(path, x, channels, kernel: 4, stride: 2, padding: 1)
            : b.Conv(path, x, channels, ((int)(1 + student[2] - teacher[2]), (int)(1 + student[3] - teacher[3])), bias: true);
    }
}

/// <summary>The options of <see cref="FitNetLoss"/>.</summary>
public sealed record FitNetLossOptions : FeatureLossOptions;
