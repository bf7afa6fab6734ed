using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Native;
using DistillSharp.Tasks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Losses.Relation;

/// <summary>Tells a sample's teacher embedding from those of other samples by the student's, and the other way round (contrastive representation distillation, Tian et al., arXiv:1910.10699).</summary>
/// <param name="options">The options.</param>
[Plugin("crd", "Contrasts each sample with many others in a memory (arXiv:1910.10699)")]
[LossNotes(
    Formula = "−mean [log P⁺/(P⁺ + K/n) + Σ_k log (K/n)/(P_k + K/n)], P = exp(e·m / T) / Z, m from a memory of the other side; both sides added",
    Use = "Classifiers of different designs; the strongest of its comparison. Published weight 0.8 beside kd's 1.",
    Paper = "Tian, Krishnan, Isola, ICLR 2020, arXiv:1910.10699",
    Cost = "two linear layers; a memory of 2·n·width numbers for n training samples; O(N·n·width) a step, O(N·K·width) where n is above 16·K")]
public sealed class CrdLoss(CrdLossOptions options) : DistillationLoss(options)
{
    private const double Epsilon = 1e-7;

    // Up to this many training samples a negative, scoring all of them at once is cheaper than gathering rows of the memory: a sixth of the time at 8.
    private const int DenseUpTo = 16;
    private Tensor? _student, _teacher, _normalization;
    private ContrastSampler? _sampler;

    /// <inheritdoc/>
    public override LossNeeds Needs { get; } = new(LossInput.Features | LossInput.Indices) { Features = FeatureKind.Embedding, MostFeatures = 1 };

    /// <inheritdoc/>
    public override LossAgreement Agreement => LossAgreement.Open;

    /// <summary>The memories, <c>memory.student</c> and <c>memory.teacher</c>, <c>[n, width]</c>; the constants of both sides, <c>normalization</c>, <c>[2]</c>, below 0 until the first batch.</summary>
    public override IReadOnlyDictionary<string, Tensor> State => _normalization is null ? base.State : new Dictionary<string, Tensor>(StringComparer.Ordinal)
    {
        ["memory.student"] = _student!,
        ["memory.teacher"] = _teacher!,
        ["normalization"] = _normalization,
    };

    /// <inheritdoc/>
    protected override ModelGraph BuildAdapter(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return PairedEmbeddings.Graph(setup.Shapes, options.Width);
    }

    /// <inheritdoc/>
    protected override void OnPrepared(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        if (setup.SampleLabels.Count == 0)
        {
            throw new ArgumentException("CrdLoss remembers every training sample, but was told of none: give the class of each in the setup's sample labels.", nameof(setup));
        }

        Free();
        var device = new Device(setup.Device);
        _sampler = new(setup.SampleLabels, options.NegativesFrom is CrdNegatives.OtherClasses, device);
        (_student, _teacher) = (Memory(setup, 0, device), Memory(setup, 1, device));

        // On the host in any case: it is read with every batch, and written with the first.
        _normalization = full([2], Number.Of(-1.0), ScalarType.Float64).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    protected override Tensor Formula(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var pair = PairedEmbeddings.Apply(Adapter!, inputs)[0];
        Tensor student = Unit(pair.Student), teacher = Unit(pair.Teacher);
        var contrast = inputs.Contrast ?? _sampler!.Draw(inputs.Indices, options.Negatives, LossChecks.SeedOf(Setup!.Seed, inputs.Step, 0));
        var loss = Side(student, _teacher!, 0, contrast).Plus(Side(teacher, _student!, 1, contrast));
        using (no_grad())
        {
            Remember(_student!, inputs.Indices, student);
            Remember(_teacher!, inputs.Indices, teacher);
        }

        return loss;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Free();
        base.Dispose(disposing);
    }

    /// <summary>The contrastive loss of one side's embeddings against the other side's memory, in logarithms throughout: exp(1 / T) need not be finite.</summary>
    private Tensor Side(Tensor embeddings, Tensor memory, int side, Tensor contrast)
    {
        double samples = memory.shape[0], negatives = contrast.shape[1] - 1, noise = negatives / samples;
        var scores = Scores(embeddings, memory, contrast).div(Number.Of(options.Temperature));
        double normalization = _normalization!.data<double>()[side];
        if (!(normalization > 0))
        {
            // The first batch's mean stays the constant for good.
            normalization = samples * scores.detach().to(ScalarType.Float64).exp().mean().ToDouble();
            using var place = _normalization.narrow(0, side, 1);
            place.fill_(Number.Of(normalization));
        }

        // log P - log(K / n): of the logistic form of P / (P + K / n) the argument.
        var odds = scores.sub(Number.Of(Math.Log(normalization) + Math.Log(noise + Epsilon)));
        var positive = logsigmoid(odds.narrow(1, 0, 1)).sum();
        var negative = logsigmoid(odds.narrow(1, 1, contrast.shape[1] - 1).neg()).sum();
        return positive.Plus(negative).div(Number.Of(-(double)contrast.shape[0])).Plus(Number.Of(negatives * Math.Log((noise + Epsilon) / noise)));
    }

    /// <summary>The products of each embedding and the rows it is contrasted with, <c>[N, K + 1]</c>.</summary>
    private static Tensor Scores(Tensor embeddings, Tensor memory, Tensor contrast)
    {
        if (memory.shape[0] <= DenseUpTo * contrast.shape[1])
        {
            // A copy, because the memory moves before gradients are computed.
            return embeddings.matmul(memory.clone().transpose(0, 1)).gather(1, contrast);
        }

        var rows = memory.index_select(0, contrast.reshape(-1)).reshape(contrast.shape[0], contrast.shape[1], memory.shape[1]);
        return rows.matmul(embeddings.unsqueeze(2)).squeeze(2);
    }

    private void Remember(Tensor memory, Tensor indices, Tensor embeddings)
    {
        var moved = memory.index_select(0, indices).mul(Number.Of(options.Momentum)).Plus(embeddings.mul(Number.Of(1 - options.Momentum)));
        memory.index_copy_(0, indices, Unit(moved));
    }

    private static Tensor Unit(Tensor rows) => normalize(rows, p: 2, dim: 1, eps: 1e-12);

    /// <summary>Numbers that give rows a length of about 1.</summary>
    private Tensor Memory(LossSetup setup, int draw, Device device)
    {
        double bound = 1 / Math.Sqrt(options.Width / 3.0);
        using var generator = new Generator((ulong)LossChecks.SeedOf(setup.Seed, -1, draw), CPU);
        using var drawn = rand([setup.SampleLabels.Count, options.Width], ScalarType.Float32, CPU, generator: generator);
        using var centred = drawn.mul(Number.Of(2 * bound));
        using var bounded = centred.sub(Number.Of(bound));
        return bounded.to(TensorConversion.TypeOf(setup.Precision), device, copy: true).DetachFromDisposeScope();
    }

    private void Free()
    {
        _student?.Dispose();
        _teacher?.Dispose();
        _normalization?.Dispose();
        _sampler?.Dispose();
        (_student, _teacher, _normalization, _sampler) = (null, null, null, null);
    }
}
