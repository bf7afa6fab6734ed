using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Text;

/// <summary>
/// Matches a transformer's inside with a deeper teacher's: attention scores before the softmax, embeddings and hidden states, every layer of the student
/// with the last of its share of the teacher's (TinyBERT, Jiao et al., arXiv:1909.10351).
/// </summary>
/// <param name="options">The options.</param>
[Plugin("tinybert", "Attention, embeddings and hidden states of every layer (arXiv:1909.10351)")]
[LossNotes(
    Formula = "Σ over layers m of mean (A_s,m − A_t,g(m))² + Σ over embeddings and layers of mean (W H_s,m + b − H_t,g(m))², g(m) = m · teacher's layers / student's",
    Use = "The first of TinyBERT's two stages, before soft labels; the teacher's number of layers must be a multiple of the student's, their heads equal.",
    Paper = "Jiao et al., EMNLP 2020 Findings, arXiv:1909.10351",
    Cost = "one linear projection, shared by all layers; O(layers·(N·heads·L² + N·L·D))")]
public sealed class TinyBertLoss(TinyBertLossOptions options) : DistillationLoss(options)
{
    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Features = FeatureKind.AttentionAndTokens, LeastFeatures = 2, Unpaired = true };

    /// <inheritdoc/>
    public override LossAgreement Agreement => LossAgreement.Open;

    /// <inheritdoc/>
    protected override void CheckShapes(LossShapes shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        List<IReadOnlyList<long>>[] kinds = [Of(shapes.StudentFeatures, 4), Of(shapes.StudentFeatures, 3), Of(shapes.TeacherFeatures, 4), Of(shapes.TeacherFeatures, 3)];
        int student = kinds[0].Count, teacher = kinds[2].Count;
        if (student == 0 || teacher % student != 0 || kinds[1].Count != student + 1 || kinds[3].Count != teacher + 1
            || student + kinds[1].Count != shapes.StudentFeatures.Count || teacher + kinds[3].Count != shapes.TeacherFeatures.Count)
        {
            throw new ArgumentException(
                $"TinyBertLoss needs attention scores [N, heads, L, L] of every layer and hidden states [N, L, D] of the embedding and every layer, the teacher's layers a multiple of the student's, but the student gave {Text(shapes.StudentFeatures)} and the teacher {Text(shapes.TeacherFeatures)}. Tap all layers of both.");
        }

        if (kinds[0].Concat(kinds[2]).Any(attention => !attention.SequenceEqual(kinds[0][0]))
            || kinds[1].Concat(kinds[3]).Any(states => states[0] != kinds[0][0][0] || states[1] != kinds[0][0][2])
            || kinds[1].Any(states => states[2] != kinds[1][0][2]) || kinds[3].Any(states => states[2] != kinds[3][0][2]))
        {
            throw new ArgumentException($"TinyBertLoss needs the same heads and tokens in both models and one width in each, but the student gave {Text(shapes.StudentFeatures)} and the teacher {Text(shapes.TeacherFeatures)}.");
        }
    }

    /// <inheritdoc/>
    protected override ModelGraph BuildAdapter(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var b = new GraphBuilder("projection");
        long narrow = Of(setup.Shapes.StudentFeatures, 3)[0][2], wide = Of(setup.Shapes.TeacherFeatures, 3)[0][2];
        string weight = b.Weight("fit_dense.weight", Initialization.Normal(0.02), wide, narrow);
        string bias = b.Weight("fit_dense.bias", Initialization.Constant(0), wide);
        var outputs = new List<GraphValue>();
        for (int i = 0; i < Of(setup.Shapes.StudentFeatures, 3).Count; i++)
        {
            string x = b.Input($"student.{i}", Dimension.Named(GraphBuilder.BatchSymbol), narrow);
            outputs.Add(new(b.Node("Gemm", $"{i}.fit_dense", [x, weight, bias], ("transB", new IntValue(1))), ElementType.Float32, null));
        }

        return b.Build(outputs);
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Tensor[] attention = Of(inputs.StudentFeatures, 4), states = Of(inputs.StudentFeatures, 3);
        Tensor[] teacherAttention = Of(inputs.TeacherFeatures, 4), teacherStates = Of(inputs.TeacherFeatures, 3);
        int share = teacherAttention.Length / attention.Length;
        var fitted = Adapt(inputs.Step, states.Select((state, i) => ($"student.{i}", state.flatten(0, 1))));

        Tensor? total = null;
        for (int i = 0; i < attention.Length; i++)
        {
            var teacher = AttentionScores.Kept(teacherAttention[(i * share) + share - 1], -options.MaskDepth);
            Add(mse_loss(AttentionScores.Kept(attention[i], -options.MaskDepth), teacher), options.AttentionWeight);
        }

        for (int i = 0; i < states.Length; i++)
        {
            Add(mse_loss(fitted[$"{i}.fit_dense"], teacherStates[i * share].flatten(0, 1)), options.HiddenWeight);
        }

        return total!;

        void Add(Tensor term, double weight)
        {
            var weighted = weight == 1 ? term : term.mul(Number.Of(weight));
            total = total is null ? weighted : total.Plus(weighted);
        }
    }

    private static List<IReadOnlyList<long>> Of(IReadOnlyList<IReadOnlyList<long>> shapes, int rank) => [.. shapes.Where(shape => shape.Count == rank)];

    private static Tensor[] Of(IReadOnlyList<Tensor> features, int rank) => [.. features.Where(feature => feature.dim() == rank)];

    private static string Text(IReadOnlyList<IReadOnlyList<long>> shapes) => string.Join(", ", shapes.Select(LossShapes.Text));
}

/// <summary>The options of <see cref="TinyBertLoss"/>.</summary>
public sealed record TinyBertLossOptions : FeatureLossOptions
{
    private const string Factor = "A factor must be 0 or more; 1 in practice.";

    /// <summary>How far below 0 a masked token's score lies, 0 or more: scores at or below minus this count as 0 on both sides. Default 100.</summary>
    public double MaskDepth
    {
        get;
        init => field = AttentionScores.Depth(value, nameof(MaskDepth));
    } = AttentionScores.MaskDepth;

    /// <summary>The factor of attention, 0 or more. Default 1.</summary>
    public double AttentionWeight
    {
        get;
        init => field = AtLeastZero(value, Factor);
    } = 1;

    /// <summary>The factor of embeddings and hidden states, 0 or more. Default 1.</summary>
    public double HiddenWeight
    {
        get;
        init => field = AtLeastZero(value, Factor);
    } = 1;
}
