using DistillSharp.Execution;
using DistillSharp.Native;
using DistillSharp.Tasks;
using static TorchSharp.torch;

namespace DistillSharp.Training;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, arXiv:1711.05101), with bias correction.</summary>
/// <param name="options">The options.</param>
[Plugin("adamw", "Adam with decoupled weight decay (arXiv:1711.05101)")]
public sealed class AdamWOptimizer(AdamWOptions options) : Optimizer
{
    /// <inheritdoc/>
    public override double LearningRate => options.LearningRate;

    /// <inheritdoc/>
    public override double Momentum => options.Beta1;

    /// <inheritdoc/>
    protected override void Update(FlatBuffer weights, Tensor gradients, OptimizerStep step)
    {
        if (options.WeightDecay > 0)
        {
            using var decaying = weights.Values.narrow(0, 0, options.DecayAll ? weights.Values.NumberOfElements : weights.DecayedCount);
            decaying.mul_(Number.Of(1 - (step.LearningRate * options.WeightDecay)));
        }

        var mean = StateLike("mean", weights);
        var square = StateLike("square", weights);
        double beta1 = step.Momentum ?? options.Beta1;
        mean.mul_(Number.Of(beta1));
        mean.add_(gradients, Number.Of(1 - beta1));
        square.mul_(Number.Of(options.Beta2));
        square.addcmul_(gradients, gradients, Number.Of(1 - options.Beta2));
        double meanCorrection = 1 - Math.Pow(beta1, step.Number + 1), squareCorrection = 1 - Math.Pow(options.Beta2, step.Number + 1);
        using var root = square.sqrt();
        root.div_(Number.Of(Math.Sqrt(squareCorrection)));
        root.add_(Number.Of(options.Epsilon), Number.One);
        ForEachRate(weights, step, (first, count, rate) =>
        {
            using var part = weights.Values.narrow(0, first, count);
            using var along = mean.narrow(0, first, count);
            using var by = root.narrow(0, first, count);
            part.addcdiv_(along, by, Number.Of(-rate / meanCorrection));
        });
    }
}

/// <summary>The options of <see cref="AdamWOptimizer"/>.</summary>
public sealed record AdamWOptions
{
    /// <summary>The learning rate, above 0. Default 0.001.</summary>
    public double LearningRate
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(LearningRate), value, "The learning rate must be above 0; 0.0003 to 0.003 in practice.");
    } = 1e-3;

    /// <summary>The decay of the gradients' mean, 0 up to 1. Default 0.9.</summary>
    public double Beta1
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Beta1), value, "Beta1 must be 0 or more and below 1; 0.9 in practice.");
    } = 0.9;

    /// <summary>The decay of the squared gradients' mean, 0 up to 1. Default 0.999.</summary>
    public double Beta2
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Beta2), value, "Beta2 must be 0 or more and below 1; 0.999 in practice.");
    } = 0.999;

    /// <summary>What keeps the division finite, above 0. Default 1e-8.</summary>
    public double Epsilon
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Epsilon), value, "Epsilon must be above 0; 1e-8 in practice.");
    } = 1e-8;

    /// <summary>The weight decay, 0 or more. Default 0.01.</summary>
    public double WeightDecay
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(WeightDecay), value, "The weight decay must be 0 or more; 0.01 to 0.05 in practice.");
    } = 0.01;

    /// <summary>Whether everything decays, biases, scales and embeddings too. Default false: weights alone.</summary>
    public bool DecayAll { get; init; }
}
