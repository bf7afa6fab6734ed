using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Detection;

/// <summary>
/// Focal and global distillation for detectors (Yang et al., arXiv:2111.11837): the maps' difference where the teacher attends, objects and background
/// apart; the attention itself; and the relation of every cell to the whole picture, seen through a trained context block on each side.
/// </summary>
/// <param name="options">The options.</param>
[Plugin("fgd", "Focal and global: objects, background, attention and context of detectors (arXiv:2111.11837)")]
[LossNotes(
    Formula = "(Σ (s − t)² A_t (α·fg + β·bg) + γ·Σ |A_s − A_t| + λ·Σ (G(s) − G(t))²) / N, A = softmax(mean |f| / T) over cells and over channels; summed over levels",
    Use = "The neck of a detector; channels may differ. The defaults are the published factors for one-stage detectors; for two-stage ones 0.00005, 0.000025, 0.00005 and 0.0000005.",
    Paper = "Yang et al., CVPR 2022, arXiv:2111.11837",
    Cost = "a 1x1 convolution where channels differ, two context blocks a level; O(N·C·H·W)")]
public sealed class FgdLoss(FgdLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features | LossInput.Boxes) { Features = FeatureKind.Maps, EqualSizes = true };

    /// <inheritdoc/>
    public override LossAgreement Agreement => LossAgreement.Open;

    /// <inheritdoc/>
    protected override ModelGraph BuildAdapter(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var b = new GraphBuilder("contexts");
        var outputs = new List<GraphValue>();
        for (int i = 0; i < setup.Shapes.StudentFeatures.Count; i++)
        {
            int narrow = (int)setup.Shapes.StudentFeatures[i][1], channels = (int)setup.Shapes.TeacherFeatures[i][1];
            string student = b.Input($"student.{i}", Map(narrow, i));
            string teacher = b.Input($"teacher.{i}", Map(channels, i));
            if (narrow != channels)
            {
                student = b.Conv($"{i}.align", student, channels, kernel: 1, bias: true);
                outputs.Add(new(student, ElementType.Float32, null));
            }

            outputs.Add(new(Context(b, i, "s", student, channels), ElementType.Float32, null));
            outputs.Add(new(Context(b, i, "t", teacher, channels), ElementType.Float32, null));
        }

        return b.Build(outputs);
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var masks = new BoxMasks(inputs.Boxes);
        if (masks.Pictures != inputs.TeacherFeatures[0].shape[0])
        {
            throw new ArgumentException($"FgdLoss got the sizes of {masks.Pictures} pictures for features {LossShapes.Text(inputs.TeacherFeatures[0].shape)}: give the height and width of every picture of the batch.", nameof(inputs));
        }

        var outputs = Adapt(inputs.Step, [.. inputs.StudentFeatures.Select((feature, i) => ($"student.{i}", feature)), .. inputs.TeacherFeatures.Select((feature, i) => ($"teacher.{i}", feature))]);
        Tensor? total = null;
        for (int i = 0; i < inputs.TeacherFeatures.Count; i++)
        {
            var teacher = inputs.TeacherFeatures[i];
            var student = inputs.StudentFeatures[i].shape[1] == teacher.shape[1] ? inputs.StudentFeatures[i] : outputs[$"{i}.align"];
            var term = Level(student, teacher, outputs[$"{i}.channel_add_conv_s.3"] - outputs[$"{i}.channel_add_conv_t.3"], masks);
            total = total is null ? term : total.Plus(term);
        }

        return total!;
    }

    private static Dimension[] Map(int channels, int index) => [Dimension.Named(GraphBuilder.BatchSymbol), channels, Dimension.Named($"height.{index}"), Dimension.Named($"width.{index}")];

    /// <summary>What a context block adds to every cell of a map, <c>[N, C, 1, 1]</c>: the cells' weighted mean, through a bottleneck (GCNet, arXiv:1904.11492).</summary>
    private static string Context(GraphBuilder b, int index, string side, string x, int channels)
    {
        string mask = $"{index}.conv_mask_{side}", add = $"{index}.channel_add_conv_{side}";
        int bottleneck = Math.Max(channels / 2, 1);

        string scores = b.Conv(mask, x, 1, kernel: 1, bias: true, initialization: Initialization.Normal(Math.Sqrt(2.0 / channels)));
        string weights = b.Node("Softmax", $"{mask}.weights", [Shaped(b, $"{mask}.cells", scores, 0, 1, -1)], ("axis", new IntValue(-1)));
        string column = b.Node("Transpose", $"{mask}.column", [weights], ("perm", new IntsValue([0, 2, 1])));
        string mean = b.Node("MatMul", $"{mask}.mean", [Shaped(b, $"{mask}.map", x, 0, channels, -1), column]);
        string context = Shaped(b, $"{mask}.context", mean, 0, channels, 1, 1);

        string inner = b.Conv($"{add}.0", context, bottleneck, kernel: 1, bias: true);
        string scale = b.Weight($"{add}.1.weight", Initialization.Constant(1), bottleneck, 1, 1);
        string shift = b.Weight($"{add}.1.bias", Initialization.Constant(0), bottleneck, 1, 1);
        string normed = b.Relu($"{add}.2", b.Node("LayerNormalization", $"{add}.1", [inner, scale, shift], ("axis", new IntValue(1))));

        // Drawn as 0, so that a block starts as the identity.
        return b.Conv($"{add}.3", normed, channels, kernel: 1, bias: true, initialization: Initialization.Constant(0));
    }

    private static string Shaped(GraphBuilder b, string path, string x, params ReadOnlySpan<long> shape) =>
        b.Node("Reshape", path, [x, b.Constant($"{path}.shape", TensorData.Create(shape, shape.Length))]);

    private Tensor Level(Tensor student, Tensor teacher, Tensor context, BoxMasks masks)
    {
        double samples = teacher.shape[0];
        var (studentCells, studentChannels) = Attention(student);
        var (teacherCells, teacherChannels) = Attention(teacher);

        var focal = teacherChannels.unsqueeze(1).bmm(mse_loss(student, teacher, nn.Reduction.None).flatten(2)).squeeze(1).mul(teacherCells).mul(Shares(masks, teacher)).sum();
        var attention = (studentChannels - teacherChannels).abs().sum().Plus((studentCells - teacherCells).abs().sum());

        // Both blocks add one vector to every cell: the blocks' difference is the maps' plus the vectors'.
        var relation = mse_loss(student.Plus(context), teacher, nn.Reduction.Sum);
        return focal.Plus(attention.mul(Number.Of(options.Attention))).Plus(relation.mul(Number.Of(options.Relation))).div(Number.Of(samples));
    }

    /// <summary>How much cells count, <c>[N, H·W]</c>, with a mean of 1, and channels, <c>[N, C]</c>, alike.</summary>
    private (Tensor Cells, Tensor Channels) Attention(Tensor map)
    {
        var sizes = map.abs().flatten(2);
        return (Soft(sizes.mean([1])), Soft(sizes.mean([2])));
    }

    private Tensor Soft(Tensor means) => means.div(Number.Of(options.Temperature)).softmax(-1).mul(Number.Of((double)means.shape[^1]));

    private Tensor Shares(BoxMasks masks, Tensor map)
    {
        double[] shares = masks.Foreground((int)map.shape[2], (int)map.shape[3]);
        double[] background = masks.Background(shares);
        for (int i = 0; i < shares.Length; i++)
        {
            shares[i] = (options.Foreground * shares[i]) + (options.Background * background[i]);
        }

        return tensor(shares, [map.shape[0], map.shape[2] * map.shape[3]], map.dtype, map.device);
    }
}

/// <summary>The options of <see cref="FgdLoss"/>.</summary>
public sealed record FgdLossOptions : FeatureLossOptions
{
    private const string Factor = "A factor must be 0 or more; 0.0000005 to 0.002 in practice.";

    /// <summary>What mean sizes are divided by before attention's softmax, above 0. Default 0.5.</summary>
    public double Temperature
    {
        get;
        init => field = AboveZero(value, "The temperature of attention must be above 0; 0.5 in practice.");
    } = 0.5;

    /// <summary>The factor α of cells in boxes, 0 or more. Default 0.001.</summary>
    public double Foreground
    {
        get;
        init => field = AtLeastZero(value, Factor);
    } = 0.001;

    /// <summary>The factor β of the other cells, 0 or more. Default 0.0005.</summary>
    public double Background
    {
        get;
        init => field = AtLeastZero(value, Factor);
    } = 0.0005;

    /// <summary>The factor γ of attention, 0 or more. Default 0.001.</summary>
    public double Attention
    {
        get;
        init => field = AtLeastZero(value, Factor);
    } = 0.001;

    /// <summary>The factor λ of the relation to the whole picture, 0 or more. Default 0.000005.</summary>
    public double Relation
    {
        get;
        init => field = AtLeastZero(value, Factor);
    } = 0.000005;
}
