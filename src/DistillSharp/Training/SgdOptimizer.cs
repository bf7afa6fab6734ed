using DistillSharp.Execution;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;

namespace DistillSharp.Training;

/// <summary>Stochastic gradient descent with momentum, as PyTorch defines it: v ← μv + g, w ← w − ηv; Nesterov: w ← w − η(g + μv).</summary>
/// <param name="options">The options.</param>
[Plugin("sgd", "Stochastic gradient descent with momentum or Nesterov's")]
public sealed class SgdOptimizer(SgdOptions options) : Optimizer
{
    /// <inheritdoc/>
    public override double LearningRate => options.LearningRate;

    /// <inheritdoc/>
    public override double Momentum => options.Momentum;

    /// <inheritdoc/>
    protected override void Update(FlatBuffer weights, Tensor gradients, OptimizerStep step)
    {
        if (options.WeightDecay > 0)
        {
            long decayed = options.DecayAll ? weights.Values.NumberOfElements : weights.DecayedCount;
            using var decaying = weights.Values.narrow(0, 0, decayed);
            using var decayingGradients = gradients.narrow(0, 0, decayed);
            decayingGradients.add_(decaying, Number.Of(options.WeightDecay));
        }

        double momentum = step.Momentum ?? options.Momentum;
        if (options.Momentum == 0)
        {
            Descend(weights, gradients, step);
            return;
        }

        var velocity = StateLike("momentum", weights);
        velocity.mul_(Number.Of(momentum));
        velocity.add_(gradients, Number.One);
        if (options.Nesterov)
        {
            gradients.add_(velocity, Number.Of(momentum));
        }

        Descend(weights, options.Nesterov ? gradients : velocity, step);
    }

    private static void Descend(FlatBuffer weights, Tensor direction, OptimizerStep step) => ForEachRate(weights, step, (first, count, rate) =>
    {
        using var part = weights.Values.narrow(0, first, count);
        using var along = direction.narrow(0, first, count);
        part.add_(along, Number.Of(-rate));
    });
}

/// <summary>The options of <see cref="SgdOptimizer"/>.</summary>
public sealed record SgdOptions
{
    /// <summary>The learning rate, above 0. Default 0.05.</summary>
    public double LearningRate
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(LearningRate), value, "The learning rate must be above 0; 0.01 to 0.1 in practice.");
    } = 0.05;

    /// <summary>The momentum, 0 up to 1. Default 0.9.</summary>
    public double Momentum
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Momentum), value, "The momentum must be 0 or more and below 1; 0.9 in practice.");
    } = 0.9;

    /// <summary>Whether the momentum looks ahead (Nesterov). Default false.</summary>
    public bool Nesterov { get; init; }

    /// <summary>The weight decay (L2), 0 or more. Default 0.0005.</summary>
    public double WeightDecay
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(WeightDecay), value, "The weight decay must be 0 or more; 0.0001 to 0.0005 in practice.");
    } = 5e-4;

    /// <summary>Whether everything decays, biases, scales and embeddings too, as in the published CIFAR tables. Default false: weights alone.</summary>
    public bool DecayAll { get; init; }
}
