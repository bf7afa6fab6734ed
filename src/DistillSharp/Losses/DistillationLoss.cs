using DistillSharp.Adapters;
using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Plugins;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Losses;

/// <summary>
/// What a student pays for differing from its teacher. One plug-in a class: the author declares what the loss reads and writes the formula; this class
/// checks shapes, keeps the teacher free of gradients, owns the adapters and frees what was made on the way. Not safe from several threads at once.
/// </summary>
/// <param name="options">The options all losses share.</param>
public abstract class DistillationLoss(DistillationLossOptions options) : IDisposable
{
    private Schedule? _weights;
    private LossShapes? _checked;
    private bool _prepared;

    /// <summary>The factor of this term in the total, before its schedule.</summary>
    public double Weight { get; } = options.Weight;

    /// <summary>What it is computed from.</summary>
    public abstract LossNeeds Needs { get; }

    /// <summary>What it is where the student does what the teacher does.</summary>
    public virtual LossAgreement Agreement => LossAgreement.Zero;

    /// <summary>Whether the formula holds a factor constant that depends on the student, so that the gradient is not that of the value. Default no.</summary>
    public virtual bool HoldsFactors => false;

    /// <summary>The temperature the teacher's soft labels are seen at; 1 where the loss has none. The report draws them at it.</summary>
    public virtual double Temperature => 1;

    /// <summary>The features it compares, as the recipe names them; empty for what the graphs propose.</summary>
    public IReadOnlyList<string> Taps { get; } = (options as FeatureLossOptions)?.Taps ?? [];

    /// <summary>The networks trained with the student and thrown away after, unless <see cref="BringsPredictor"/> says otherwise; empty until <see cref="Prepare"/>, or where it has none.</summary>
    public virtual IReadOnlyList<AdapterNetwork> Adapters => Adapter is null ? [] : [Adapter];

    /// <summary>What must be saved for training to go on as if it had not stopped, beside the adapters, by name.</summary>
    public virtual IReadOnlyDictionary<string, Tensor> State => new Dictionary<string, Tensor>();

    /// <summary>Epochs over the training data in which the loss studies the teacher alone, before the student's first step. Default 0.</summary>
    public virtual int StudyEpochs => 0;

    /// <summary>Whether the student is shipped with another end, which <see cref="WritePredictor"/> gives. Default no: adapters are thrown away.</summary>
    public virtual bool BringsPredictor => false;

    /// <summary>The adapter of this loss; null where it has none.</summary>
    protected AdapterNetwork? Adapter { get; private set; }

    /// <summary>What was told before the first batch.</summary>
    protected LossSetup? Setup { get; private set; }

    /// <summary>Checks the shapes and builds the adapters. Called once before the first batch; without it, the first batch calls it.</summary>
    /// <param name="setup">Shapes, seed, and what the loss needs of data and teacher.</param>
    /// <exception cref="ArgumentException">The shapes cannot be compared; both are named.</exception>
    public void Prepare(LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        Check(setup.Shapes);
        Adapter?.Dispose();
        Setup = setup;
        Adapter = BuildAdapter(setup) is { } graph ? new AdapterNetwork(graph, setup) : null;
        OnPrepared(setup);
        _weights = options.WeightSchedule is { } choice ? setup.Plugins.Schedules.Create(choice) : null;
        (_prepared, _checked) = (true, null);
    }

    /// <summary>Checks that the loss can compare what has these shapes.</summary>
    /// <param name="shapes">The shapes of a batch.</param>
    /// <exception cref="ArgumentException">They cannot be compared; both are named.</exception>
    public void Check(LossShapes shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        LossChecks.Require(this, shapes);
        CheckShapes(Needs.Vectors ? VectorMaps.Of(shapes) : shapes);
    }

    /// <summary>Computes the loss.</summary>
    /// <param name="inputs">What the batch gives; no gradient reaches the teacher's values.</param>
    /// <returns>A scalar, before <see cref="Weight"/>.</returns>
    /// <exception cref="ArgumentException">Shapes cannot be compared, both are named; or an input is missing.</exception>
    public Tensor Compute(LossInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        LossChecks.Require(this, inputs);
        if (!_prepared)
        {
            Prepare(new() { Shapes = LossShapes.Of(inputs), Precision = PrecisionOf(inputs) });
        }
        else if (_checked is null || !_checked.AreOf(inputs))
        {
            // Only where they change: reading and comparing them anew costs as much as a formula of a few logits.
            var shapes = LossShapes.Of(inputs);
            Check(shapes);
            _checked = shapes;
        }

        using var scope = NewDisposeScope();
        var given = inputs.WithoutTeacherGradient();
        return Formula(Needs.Vectors ? VectorMaps.Of(given) : given).MoveToOuterDisposeScope();
    }

    /// <summary>Computes a loss of logits alone.</summary>
    /// <param name="student">The student's logits.</param>
    /// <param name="teacher">The teacher's logits.</param>
    /// <returns>A scalar, before <see cref="Weight"/>.</returns>
    public Tensor Compute(Tensor student, Tensor teacher) => Compute(new LossInputs { StudentLogits = student, TeacherLogits = teacher });

    /// <summary>The factor of this term in the total at a point of the run.</summary>
    /// <param name="progress">How much of the run is done, 0 up to 1.</param>
    /// <param name="epoch">The 0-based epoch.</param>
    public double WeightAt(double progress, int epoch)
    {
        _weights ??= options.WeightSchedule is { } choice ? PluginCatalogs.BuiltIn.Schedules.Create(choice) : null;
        return _weights is null ? Weight : Weight * _weights.FactorAt(progress, epoch);
    }

    /// <summary>Writes what stands behind the student's first tap in its file, in place of its own end, with the present weights. Called where <see cref="BringsPredictor"/> says so.</summary>
    /// <returns>A graph of one input, the student's feature, whose first output are logits.</returns>
    public virtual ModelGraph WritePredictor() => throw new NotSupportedException($"{GetType().Name} leaves the student's end as it is.");

    /// <summary>Studies the teacher's features of a batch; called for <see cref="StudyEpochs"/>.</summary>
    /// <param name="teacherFeatures">The teacher's features, in the order of the taps.</param>
    public virtual void Study(IReadOnlyList<Tensor> teacherFeatures)
    {
    }

    /// <summary>Told that the student's training begins, or goes on from a saved state.</summary>
    public virtual void EndStudy()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The loss's formula. Tensors made here are freed by the caller.</summary>
    /// <param name="inputs">What the batch gives, checked; the teacher's values are without gradient. Its tensors are the caller's: neither changed nor disposed.</param>
    /// <returns>A scalar.</returns>
    protected abstract Tensor Formula(LossInputs inputs);

    /// <summary>Checks what <see cref="Needs"/> cannot say; called before the first batch and with every batch of other shapes than the last.</summary>
    /// <param name="shapes">The shapes, their number and batch size checked.</param>
    /// <exception cref="ArgumentException">They cannot be compared; name both.</exception>
    protected virtual void CheckShapes(LossShapes shapes)
    {
    }

    /// <summary>Writes the adapter's graph: inputs and outputs by name, weights that are drawn and trained. Null (default) for none.</summary>
    /// <param name="setup">The shapes it is built from, as the models give them.</param>
    protected virtual ModelGraph? BuildAdapter(LossSetup setup) => null;

    /// <summary>Called once the adapter is there.</summary>
    /// <param name="setup">What was told.</param>
    protected virtual void OnPrepared(LossSetup setup)
    {
    }

    /// <summary>Runs the adapter. Its outputs are freed with the formula.</summary>
    /// <param name="step">The 0-based step.</param>
    /// <param name="inputs">Its inputs by name.</param>
    protected NamedTensors Adapt(long step, params IEnumerable<(string Name, Tensor Value)> inputs) =>
        (Adapter ?? throw new InvalidOperationException($"{GetType().Name} has no adapter.")).Run(inputs.ToDictionary(input => input.Name, input => input.Value, StringComparer.Ordinal), step);

    /// <summary>Numbers from 0 up to 1: those given with the batch, or drawn as a function of seed and step.</summary>
    /// <param name="inputs">The batch.</param>
    /// <param name="draw">Which draw of this batch, 0-based.</param>
    /// <param name="like">Its precision and device.</param>
    /// <param name="shape">The shape.</param>
    protected Tensor Uniform(LossInputs inputs, int draw, Tensor like, params ReadOnlySpan<long> shape)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(like);
        if (inputs.Uniform.Count > draw)
        {
            return inputs.Uniform[draw].to(like.dtype, like.device);
        }

        using var generator = new Generator((ulong)LossChecks.SeedOf(Setup?.Seed ?? 0, inputs.Step, draw), CPU);
        return rand(shape, ScalarType.Float32, CPU, generator: generator).to(like.dtype, like.device);
    }

    /// <summary>Frees the adapters.</summary>
    /// <param name="disposing">Whether called from <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        Adapter?.Dispose();
        Adapter = null;
    }

    private static ElementType PrecisionOf(LossInputs inputs)
    {
        var first = inputs.StudentFeatures.Count > 0 ? inputs.StudentFeatures[0] : inputs.HasStudentLogits ? inputs.StudentLogits : null;
        return first?.dtype == ScalarType.Float64 ? ElementType.Float64 : ElementType.Float32;
    }
}
