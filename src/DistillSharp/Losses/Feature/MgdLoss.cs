using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Native;
using DistillSharp.Tasks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Feature;

/// <summary>Makes the student's map, partly masked, generate the teacher's whole one through two convolutions (masked generative distillation, Yang et al., arXiv:2205.01529).</summary>
/// <param name="options">The options.</param>
[Plugin("mgd", "Generates the teacher's map from the student's masked one (arXiv:2205.01529)")]
[LossNotes(
    Formula = "α · Σ (g(mask · align(s)) − t)² / N; g: convolution 3x3, ReLU, convolution 3x3; summed over pairs",
    Use = "Detection and classification alike; the student learns to restore what it does not see. Its size grows with the map: α is small.",
    Paper = "Yang et al., ECCV 2022, arXiv:2205.01529",
    Cost = "two 3x3 convolutions of the teacher's channels a pair, which may cost more than the student's stage")]
public sealed class MgdLoss(MgdLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Features = FeatureKind.Maps, EqualSizes = true };

    /// <inheritdoc/>
    public override LossAgreement Agreement => LossAgreement.Open;

    /// <inheritdoc/>
    protected override ModelGraph BuildAdapter(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var b = new GraphBuilder("generation");
        var outputs = new List<GraphValue>();
        for (int i = 0; i < setup.Shapes.StudentFeatures.Count; i++)
        {
            var (student, teacher) = (setup.Shapes.StudentFeatures[i], setup.Shapes.TeacherFeatures[i]);
            int channels = (int)teacher[1];
            var (masked, rows, columns) = MaskOf(teacher);
            string mask = b.Input($"mask.{i}", Dimension.Named(GraphBuilder.BatchSymbol), masked, rows, columns);
            string x = ChannelAlignment.Add(b, i, ChannelAlignment.Input(b, i, student), channels, options.Align);
            x = b.Conv($"{i}.generation.0", b.Node("Mul", $"{i}.masked", [x, mask]), channels, kernel: 3, padding: 1, bias: true);
            x = b.Conv($"{i}.generation.2", b.Relu($"{i}.generation.1", x), channels, kernel: 3, padding: 1, bias: true);
            outputs.Add(new(x, ElementType.Float32, null));
        }

        return b.Build(outputs);
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var maps = new List<(string, Tensor)>();
        for (int i = 0; i < inputs.StudentFeatures.Count; i++)
        {
            maps.Add((ChannelAlignment.NameOf(i), inputs.StudentFeatures[i]));
            maps.Add(($"mask.{i}", Mask(inputs, i)));
        }

        var generated = Adapt(inputs.Step, maps);
        double samples = inputs.TeacherFeatures[0].shape[0];
        return inputs.TeacherFeatures
            .Select((teacher, i) => mse_loss(generated[$"{i}.generation.2"], Target(teacher), nn.Reduction.Sum))
            .Aggregate((sum, term) => sum.Plus(term))
            .mul(Number.Of(options.Alpha / samples));
    }

    /// <summary>1 where the student's map stays, 0 where it is masked.</summary>
    private Tensor Mask(LossInputs inputs, int pair)
    {
        var student = inputs.StudentFeatures[pair];
        var (masked, rows, columns) = MaskOf(inputs.TeacherFeatures[pair].shape);
        var drawn = Uniform(inputs, pair, student, student.shape[0], masked, rows, columns);

        // The published codes compare differently; the share is the same.
        var kept = options.Mask is MgdMask.Spatial ? drawn.le(Number.Of(1 - options.Lambda)) : drawn.ge(Number.Of(options.Lambda));
        return kept.to(student.dtype);
    }

    private (long Channels, long Rows, long Columns) MaskOf(IReadOnlyList<long> teacher) =>
        options.Mask is MgdMask.Spatial ? (1, teacher[2], teacher[3]) : (teacher[1], 1, 1);

    private Tensor Target(Tensor teacher) => options.NormalizeTeacher
        ? batch_norm(teacher, null!, null!, null!, null!, training: true, momentum: 0.1, eps: 1e-5)
        : teacher;
}

/// <summary>The options of <see cref="MgdLoss"/>.</summary>
public sealed record MgdLossOptions : FeatureLossOptions
{
    /// <summary>The factor of the sum, above 0. Default 2e-5, for detectors; 7e-5 for classification.</summary>
    public double Alpha
    {
        get;
        init => field = AboveZero(value, "Alpha must be above 0; 1e-6 to 1e-4 in practice.");
    } = 2e-5;

    /// <summary>The share that is masked, 0 to 1. Default 0.65, for detectors; 0.15 for classification.</summary>
    public double Lambda
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Lambda), value, "Lambda, the share that is masked, must be from 0 to 1; 0.15 to 0.75 in practice.");
    } = 0.65;

    /// <summary>What is masked: pixels (<c>spatial</c>, default) as for detectors, or whole channels (<c>channel</c>) as for classification.</summary>
    public MgdMask Mask { get; init; }

    /// <summary>Whether the teacher's map is normalised by its batch statistics first, as distillers of YOLO do. Default no.</summary>
    public bool NormalizeTeacher { get; init; }

    /// <summary>How the student's maps get the teacher's channels: <c>where-needed</c> (default, the paper's), <c>conv</c> or <c>conv-norm</c>.</summary>
    public MapAlignment Align { get; init; }
}

/// <summary>What of a map is masked.</summary>
public enum MgdMask
{
    /// <summary>Pixels, in all channels at once.</summary>
    Spatial,

    /// <summary>Whole channels.</summary>
    Channel,
}
