using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Feature;

/// <summary>Variational information distillation: the teacher's map is as likely as possible under a normal distribution whose mean a regressor makes of the student's, with a learned variance for each channel (Ahn et al., arXiv:1904.05835).</summary>
/// <param name="options">The options.</param>
[Plugin("vid", "Variational information: the teacher's map under a learned normal (arXiv:1904.05835)")]
[LossNotes(
    Formula = "Σ over pairs of ½ mean [(μ(s) − t)² / σ² + log σ²]; σ² = log(1 + e^a) + ε for each channel; it may be below 0",
    Use = "Teacher's maps of which some channels cannot be predicted: those cost less. Little data is where it was shown to help most.",
    Paper = "Ahn, Hu, Damianou, Lawrence, Dai, CVPR 2019, arXiv:1904.05835; regressor as in CRD's comparison, Tian et al., arXiv:1910.10699",
    Cost = "three 1x1 convolutions each pair, of the teacher's channels or of mid-width; O(N·C²·H·W); vectors [N, D] are maps of one pixel")]
public sealed class VidLoss(VidLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Features = FeatureKind.Maps, Vectors = true };

    /// <inheritdoc/>
    public override LossAgreement Agreement => LossAgreement.Open;

    /// <inheritdoc/>
    protected override ModelGraph BuildAdapter(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var b = new GraphBuilder("regressors");
        var outputs = new List<GraphValue>();
        for (int i = 0; i < setup.Shapes.StudentFeatures.Count; i++)
        {
            int channels = (int)setup.Shapes.TeacherFeatures[i][1], middle = options.MidWidth ?? channels;
            string x = Connectors.Input(b, $"student.{i}", VectorMaps.Of(setup.Shapes.StudentFeatures[i]));
            x = b.Relu($"{i}.regressor.1", b.Conv($"{i}.regressor.0", x, middle, kernel: 1));
            x = b.Relu($"{i}.regressor.3", b.Conv($"{i}.regressor.2", x, middle, kernel: 1));
            outputs.Add(new(b.Conv($"{i}.regressor.4", x, channels, kernel: 1), ElementType.Float32, null));

            // The variance starts at what the options say: log(1 + e^a) + ε, solved for a.
            string a = b.Weight($"{i}.log_scale", Initialization.Constant(Math.Log(double.ExpM1(options.InitialVariance - options.Epsilon))), channels);
            outputs.Add(new(b.Node("Softplus", $"{i}.spread", [a]), ElementType.Float32, null));
        }

        return b.Build(outputs);
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var pairs = inputs.StudentFeatures.Zip(inputs.TeacherFeatures, MapSizes.Meet).ToList();
        var outputs = Adapt(inputs.Step, pairs.Select((pair, i) => ($"student.{i}", pair.First)));
        Tensor? total = null;
        for (int i = 0; i < pairs.Count; i++)
        {
            var variance = outputs[$"{i}.spread"].Plus(Number.Of(options.Epsilon));

            // Every channel has as many places and one variance: the mean over places is taken before anything is divided.
            var squares = mse_loss(outputs[$"{i}.regressor.4"], pairs[i].Second, nn.Reduction.None).mean([0, 2, 3]);
            total = FeaturePairs.Add(total, squares.div(variance).Plus(variance.log()).mean(), 0.5);
        }

        return total!;
    }
}

/// <summary>The options of <see cref="VidLoss"/>.</summary>
public sealed record VidLossOptions : FeatureLossOptions
{
    /// <summary>The variance that every channel starts with, 0.01 to 100. Default 5.</summary>
    public double InitialVariance
    {
        get;
        init => field = value is >= 0.01 and <= 100 ? value : throw new ArgumentOutOfRangeException(nameof(InitialVariance), value, "The first variance must be 0.01 to 100; 5 in practice.");
    } = 5;

    /// <summary>The channels of the regressor's two inner layers, 1 to 65536; null for the teacher's channels of each pair, as in CRD's comparison. Default null.</summary>
    public int? MidWidth
    {
        get;
        init => field = value is null or (>= 1 and <= 65_536) ? value : throw new ArgumentOutOfRangeException(nameof(MidWidth), value, "The regressor's inner width must be 1 to 65536 channels, or none for the teacher's.");
    }

    /// <summary>The least variance, above 0, up to 0.001. Default 1e-5.</summary>
    public double Epsilon
    {
        get;
        init => field = value is > 0 and <= 0.001 ? value : throw new ArgumentOutOfRangeException(nameof(Epsilon), value, "The least variance must be above 0, up to 0.001; 1e-5 in practice.");
    } = 1e-5;
}
