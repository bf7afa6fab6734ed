using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Text;

/// <summary>
/// Matches the relations inside one attention layer: the softmax of products of queries, keys and values, in as many relation heads on both sides,
/// whatever the models' own heads and widths (MiniLMv2, Wang et al., arXiv:2012.15828; MiniLM, arXiv:2002.10957).
/// </summary>
/// <param name="options">The options.</param>
[Plugin("minilm", "Self-attention relations of one layer (arXiv:2012.15828)")]
[LossNotes(
    Formula = "Σ over relations (A, B) of w · mean over texts, heads and tokens of KL(softmax(A_t B_tᵀ / √d_t) ‖ softmax(A_s B_sᵀ / √d_s)), over the tokens that count",
    Use = "A small transformer before it is fine-tuned: its last layer with the last of a base teacher, or an upper-middle one of a large teacher. Widths and heads may differ.",
    Paper = "Wang et al., ACL 2021 Findings, arXiv:2012.15828; Wang et al., NeurIPS 2020, arXiv:2002.10957",
    Cost = "O(relations·N·L²·D)")]
public sealed class MiniLmLoss(MiniLmLossOptions options) : DistillationLoss(options)
{
    // Below every product that models make; its exponential is 0, and unlike minus infinity it can be subtracted from itself.
    private const double Nowhere = -1e30;

    private readonly (MiniLmRelation Relation, double Weight)[] _relations = Relations(options);

    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features) { Optional = LossInput.Mask, Features = FeatureKind.QueryKeyValue, LeastFeatures = 3, MostFeatures = 3 };

    /// <inheritdoc/>
    protected override void CheckShapes(LossShapes shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        foreach (var (relation, _) in _relations)
        {
            foreach (var features in new[] { shapes.StudentFeatures, shapes.TeacherFeatures })
            {
                var (from, to) = (features[relation.From], features[relation.To]);
                if (from[2] != to[2] || from[2] % options.RelationHeads != 0)
                {
                    throw new ArgumentException(
                        $"MiniLmLoss cannot compare the relation {relation} in {options.RelationHeads} heads: the student gave {LossShapes.Text(shapes.StudentFeatures[relation.From])} and {LossShapes.Text(shapes.StudentFeatures[relation.To])}, the teacher {LossShapes.Text(shapes.TeacherFeatures[relation.From])} and {LossShapes.Text(shapes.TeacherFeatures[relation.To])}. Set relation-heads to a number that divides all widths.");
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var first = inputs.StudentFeatures[0];
        var kept = inputs.Mask is null ? null : TokenMask.Of(inputs.Mask, first.shape[0], first.shape[1], first);
        var hidden = kept?.eq(Number.Of(0.0)).unsqueeze(1).unsqueeze(1);
        var lengths = kept is null ? null : TokenMask.AtLeastOne(kept.sum(1));
        Tensor[] student = [.. inputs.StudentFeatures.Select(Heads)], teacher = [.. inputs.TeacherFeatures.Select(Heads)];
        Tensor? total = null;
        foreach (var (relation, weight) in _relations)
        {
            var logTeacher = LogShares(teacher[relation.From], teacher[relation.To], hidden);
            var terms = logTeacher.exp() * (logTeacher - LogShares(student[relation.From], student[relation.To], hidden));
            var mean = kept is null
                ? terms.sum().mul(Number.Of((double)terms.shape[3] / terms.NumberOfElements))
                : terms.sum(-1).mean([1]).mul(kept).sum(1).div(lengths!).mean();
            var term = weight == 1 ? mean : mean.mul(Number.Of(weight));
            total = total is null ? term : total.Plus(term);
        }

        return total!;
    }

    private static (MiniLmRelation, double)[] Relations(MiniLmLossOptions options)
    {
        int relations = options.Relations.Count, weights = options.RelationWeights.Count;
        return weights == 0 || weights == relations
            ? [.. options.Relations.Select((text, i) => (MiniLmRelation.Parse(text, nameof(options.Relations)), weights == 0 ? 1 : options.RelationWeights[i]))]
            : throw new ArgumentException($"There are {relations} relations and {weights} weights: give one weight for each relation, or none for 1 each.", nameof(options));
    }

    /// <summary>The logarithm of how much each token attends to each, <c>[N, heads, L, L]</c>.</summary>
    private static Tensor LogShares(Tensor from, Tensor to, Tensor? hidden)
    {
        var scores = from.div(Number.Of(Math.Sqrt(from.shape[3]))).matmul(to.transpose(2, 3));
        return log_softmax(hidden is null ? scores : scores.masked_fill(hidden, Number.Of(Nowhere)), dim: -1);
    }

    private Tensor Heads(Tensor states) => states.reshape(states.shape[0], states.shape[1], options.RelationHeads, -1).transpose(1, 2);
}

/// <summary>The options of <see cref="MiniLmLoss"/>.</summary>
public sealed record MiniLmLossOptions : FeatureLossOptions
{
    /// <summary>In how many heads queries, keys and values are split, 1 or more; it divides both models' widths. Default 48, published for base teachers; 64 for large ones; the models' own heads in MiniLM's first version.</summary>
    public int RelationHeads
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(RelationHeads), value, "The number of relation heads must be 1 or more; 12 to 64 in practice.");
    } = 48;

    /// <summary>The relations, each as <c>query-key</c> or <c>1-2</c>. Default query-query, key-key and value-value, MiniLMv2's; query-key and value-value are the first version's.</summary>
    public IReadOnlyList<string> Relations
    {
        get;
        init => field = value is { Count: > 0 } && value.All(text => MiniLmRelation.Parse(text, nameof(Relations)) is var _) ? value : throw new ArgumentOutOfRangeException(nameof(Relations), "none", "At least one relation must be given; 'query-query', 'key-key' and 'value-value' in practice.");
    } = ["query-query", "key-key", "value-value"];

    /// <summary>The relations' weights in their order, 0 or more each. Empty (default) for 1 each.</summary>
    public IReadOnlyList<double> RelationWeights
    {
        get;
        init => field = value is not null && value.All(weight => weight >= 0 && double.IsFinite(weight)) ? value : throw new ArgumentOutOfRangeException(nameof(RelationWeights), value is null ? null : string.Join(", ", value), "The weights of relations must be 0 or more; 1 each in practice.");
    } = [];
}
