using DistillSharp.Adapters;
using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Feature;

/// <summary>
/// Factor transfer: the student's factors, by a translator trained with it, match the teacher's, by a paraphraser trained before it (Kim et al., arXiv:1802.04977).
/// A run trains the paraphraser first, for its epochs; by hand it is <see cref="TrainParaphraser"/>, ended by <see cref="FreezeParaphraser"/>.
/// </summary>
/// <param name="options">The options.</param>
[Plugin("ft", "Factor transfer: paraphrased features by a translator (arXiv:1802.04977)")]
[LossNotes(
    Formula = "mean |f_s/‖f_s‖ − f_t/‖f_t‖|; f_s: translator of s, f_t: paraphraser of t, each flattened a sample",
    Use = "Student and teacher of different kinds. The paraphraser is trained first, on the teacher alone.",
    Paper = "Kim, Park, Kwak, NeurIPS 2018, arXiv:1802.04977; channel mean: CRD's comparison, Tian et al., arXiv:1910.10699",
    Cost = "six 3x3 convolutions, those of the paraphraser without gradient; O(N·C²·H·W); 1x1 for vectors [N, D], which are maps of one pixel")]
public sealed class FtLoss(FtLossOptions options) : DistillationLoss(options)
{
    private readonly List<FactorParaphraser> _paraphrasers = [];

    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Features = FeatureKind.LastMap, Vectors = true };

    /// <inheritdoc/>
    public override LossAgreement Agreement =>
        options.Translator ? LossAgreement.Open : options is { Convention: FtConvention.ChannelMean, P: > 1 } ? LossAgreement.Zero : LossAgreement.Kink;

    /// <summary>The paraphraser of each pair; empty until prepared, or where features are factors already.</summary>
    public IReadOnlyList<FactorParaphraser> Paraphrasers => _paraphrasers;

    /// <summary>The paraphrasers' encoders, <c>paraphraser.0</c> and so on.</summary>
    public override IReadOnlyDictionary<string, Tensor> State => _paraphrasers.Select((each, i) => (i, each.Encoder.Executor.Weights.Values)).ToDictionary(each => $"paraphraser.{each.i}", each => each.Values, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int StudyEpochs => options.Translator ? options.ParaphraserEpochs : 0;

    /// <inheritdoc/>
    public override void Study(IReadOnlyList<Tensor> teacherFeatures) => TrainParaphraser(teacherFeatures);

    /// <inheritdoc/>
    public override void EndStudy() => FreezeParaphraser();

    /// <summary>Trains the paraphrasers by a step. Prepare the loss first.</summary>
    /// <param name="teacherFeatures">The teacher's maps of a batch, in the order of the taps.</param>
    /// <returns>The mean squared error of the maps that were restored, summed over pairs, before the step.</returns>
    /// <exception cref="ArgumentException">There are more or fewer maps than paraphrasers.</exception>
    /// <exception cref="InvalidOperationException">They are frozen.</exception>
    public double TrainParaphraser(IReadOnlyList<Tensor> teacherFeatures)
    {
        ArgumentNullException.ThrowIfNull(teacherFeatures);
        if (teacherFeatures.Count != _paraphrasers.Count)
        {
            throw new ArgumentException($"FtLoss has {_paraphrasers.Count} paraphrasers, but {teacherFeatures.Count} maps were given. Prepare it with the shapes first.", nameof(teacherFeatures));
        }

        return _paraphrasers.Zip(teacherFeatures, (paraphraser, map) => paraphraser.Train(map)).Sum();
    }

    /// <summary>Ends the paraphrasers' training.</summary>
    public void FreezeParaphraser() => _paraphrasers.ForEach(paraphraser => paraphraser.Freeze());

    /// <inheritdoc/>
    protected override void CheckShapes(LossShapes shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        if (options is { Translator: false, Convention: FtConvention.Flat } && shapes.StudentFeatures.Zip(shapes.TeacherFeatures).FirstOrDefault(pair => pair.First[1] != pair.Second[1]) is { First: { } student, Second: var teacher })
        {
            throw new ArgumentException($"FtLoss compares whole factors, so they must be equally wide: the student's are {LossShapes.Text(student)}, the teacher's {LossShapes.Text(teacher)}. Turn the translator on, or take the channel mean.");
        }

        if (options.Convention == FtConvention.ChannelMean && shapes.StudentFeatures.Zip(shapes.TeacherFeatures).FirstOrDefault(pair => IsOnePixel(pair.First) || IsOnePixel(pair.Second)) is { First: { } one, Second: var other })
        {
            throw new ArgumentException($"FtLoss with the channel mean compares the places of a map, but the student's feature is {LossShapes.Text(one)} and the teacher's {LossShapes.Text(other)}: one of them has a single place. Take the convention 'flat', or tap larger maps.");
        }
    }

    /// <inheritdoc/>
    protected override ModelGraph? BuildAdapter(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        if (!options.Translator)
        {
            return null;
        }

        var b = new GraphBuilder("translators");
        var outputs = new List<GraphValue>();
        for (int i = 0; i < setup.Shapes.StudentFeatures.Count; i++)
        {
            var student = setup.Shapes.StudentFeatures[i];
            string x = Connectors.Input(b, $"student.{i}", VectorMaps.Of(student));
            int[] widths = [(int)student[1], FactorsOf(setup, i), FactorsOf(setup, i)];
            int kernel = FactorParaphraser.KernelFor(student);
            for (int j = 0; j < 9; j += 3)
            {
                x = b.BatchNorm($"{i}.encoder.{j + 1}", b.Conv($"{i}.encoder.{j}", x, widths[j / 3], kernel, padding: kernel / 2, bias: true));
                x = FactorParaphraser.Leaky(b, $"{i}.encoder.{j + 2}", x);
            }

            outputs.Add(new(x, ElementType.Float32, null));
        }

        return b.Build(outputs);
    }

    /// <inheritdoc/>
    protected override void OnPrepared(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var teachers = options.Translator ? setup.Shapes.TeacherFeatures : [];
        var type = TensorConversion.TypeOf(setup.Precision);

        // Those that were trained stay, if they fit.
        if (_paraphrasers.Count == teachers.Count && !_paraphrasers.Where((each, i) => !each.Frozen || each.Channels != teachers[i][1] || each.Encoder.Executor.Precision != type).Any())
        {
            return;
        }

        Clear();
        for (int i = 0; i < teachers.Count; i++)
        {
            _paraphrasers.Add(new($"{i}", (int)teachers[i][1], FactorsOf(setup, i), options.ParaphraserLearningRate, setup, FactorParaphraser.KernelFor(teachers[i])));
        }
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var outputs = options.Translator ? Adapt(inputs.Step, inputs.StudentFeatures.Select((feature, i) => ($"student.{i}", feature))) : null;
        Tensor? total = null;
        for (int i = 0; i < inputs.StudentFeatures.Count; i++)
        {
            var student = outputs?[$"{i}.encoder.8"] ?? inputs.StudentFeatures[i];
            var teacher = options.Translator ? _paraphrasers[i].Encode(inputs.TeacherFeatures[i]) : inputs.TeacherFeatures[i];
            total = FeaturePairs.Add(total, Difference(student, teacher), 1);
        }

        return total!;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Clear();
        base.Dispose(disposing);
    }

    private Tensor Difference(Tensor student, Tensor teacher)
    {
        var (first, second) = MapSizes.Meet(student, teacher);
        var (s, t) = (Unit(first), Unit(second));
        return options.P == 1 ? l1_loss(s, t)
            : options.Convention == FtConvention.Flat ? Norms.Of(s - t, options.P, [1]).mean()
            : (s - t).pow(Number.Of((long)options.P)).mean();
    }

    private Tensor Unit(Tensor factors)
    {
        var rows = options.Convention == FtConvention.Flat ? factors : (options.Power == 2 ? factors.Squared() : factors.pow(Number.Of((long)options.Power))).mean([1]);
        return normalize(rows.flatten(1), p: 2, dim: 1, eps: 1e-12);
    }

    private static bool IsOnePixel(IReadOnlyList<long> map) => map[2] == 1 && map[3] == 1;

    private int FactorsOf(LossSetup setup, int pair) => Math.Max(1, (int)(setup.Shapes.TeacherFeatures[pair][1] * options.Share));

    private void Clear()
    {
        _paraphrasers.ForEach(paraphraser => paraphraser.Dispose());
        _paraphrasers.Clear();
    }
}

/// <summary>The options of <see cref="FtLoss"/>.</summary>
public sealed record FtLossOptions : FeatureLossOptions
{
    /// <summary>Which published form. Default <c>flat</c>, the paper's.</summary>
    public FtConvention Convention { get; init; }

    /// <summary>Whether factors are made by a translator and a paraphraser. Default yes; without, the features given are factors already.</summary>
    public bool Translator { get; init; } = true;

    /// <summary>The factors' channels as a share k of the teacher's, above 0, up to 4. Default 0.5.</summary>
    public double Share
    {
        get;
        init => field = value is > 0 and <= 4 ? value : throw new ArgumentOutOfRangeException(nameof(Share), value, "The share of channels must be above 0, up to 4; 0.5 to 0.75 in practice.");
    } = 0.5;

    /// <summary>The p of the norm of the difference, 1 to 8. Default 1. With the channel mean, the power of the difference.</summary>
    public int P
    {
        get;
        init => field = value is >= 1 and <= 8 ? value : throw new ArgumentOutOfRangeException(nameof(P), value, "The norm's p must be 1 to 8; 1 or 2 in practice.");
    } = 1;

    /// <summary>With the channel mean, the power of the factors before it, 1 to 8. Default 2.</summary>
    public int Power
    {
        get;
        init => field = value is >= 1 and <= 8 ? value : throw new ArgumentOutOfRangeException(nameof(Power), value, "The power must be 1 to 8; 2 in practice.");
    } = 2;

    /// <summary>Epochs over the training data in which the paraphraser is trained, before the student, 0 or more; 0 leaves its filters random. Default 30.</summary>
    public int ParaphraserEpochs
    {
        get;
        init => field = value is >= 0 and <= 10_000 ? value : throw new ArgumentOutOfRangeException(nameof(ParaphraserEpochs), value, "The paraphraser's epochs must be 0 to 10,000; 30 in practice.");
    } = 30;

    /// <summary>The learning rate (AdamW) at which the paraphraser is trained, above 0. Default 0.001.</summary>
    public double ParaphraserLearningRate
    {
        get;
        init => field = AboveZero(value, "The learning rate must be above 0; 0.0003 to 0.003 in practice.");
    } = 1e-3;
}

/// <summary>The published forms of factor transfer.</summary>
public enum FtConvention
{
    /// <summary>All factors of a sample are one vector of norm 1.</summary>
    Flat,

    /// <summary>The factors' powers are averaged over channels first, as in attention transfer (RepDistiller).</summary>
    ChannelMean,
}
