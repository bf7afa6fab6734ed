using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DistillSharp.Benchmarks;

/// <summary>A fully connected network and its SGD step in bare libtorch calls: what the trainer is held against. It calls none of the library.</summary>
internal sealed class BareMlp : IDisposable
{
    private readonly List<(Parameter Weight, Parameter Bias)> _layers = [];
    private readonly Tensor _values, _gradients, _velocity;
    private readonly optim.Optimizer? _optimizer;

    /// <summary>Creates the network.</summary>
    /// <param name="widths">Inputs, hidden units, outputs.</param>
    /// <param name="flat">Whether the step is three operations on one buffer, or TorchSharp's own optimiser.</param>
    public BareMlp(long[] widths, bool flat)
    {
        long count = 0;
        for (int i = 1; i < widths.Length; i++)
        {
            count += (widths[i - 1] + 1) * widths[i];
        }

        (_values, _gradients, _velocity) = (zeros(count), zeros(count), zeros(count));
        long offset = 0;
        for (int i = 1; i < widths.Length; i++)
        {
            _layers.Add((Leaf(ref offset, Math.Sqrt(2.0 / widths[i - 1]), widths[i], widths[i - 1]), Leaf(ref offset, 0, widths[i])));
        }

        _optimizer = flat ? null : optim.SGD(_layers.SelectMany(layer => new[] { layer.Weight, layer.Bias }), 0.01, momentum: 0.9);
    }

    /// <summary>One pass over ready tensors.</summary>
    /// <param name="inputs">The batches, <c>[N, features]</c>.</param>
    /// <param name="labels">Their classes, <c>[N]</c>.</param>
    /// <param name="teacher">The teacher's logits of each batch, <c>[N, C]</c>, or null to train on the labels.</param>
    public void Epoch(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> labels, IReadOnlyList<Tensor>? teacher)
    {
        for (int i = 0; i < inputs.Count; i++)
        {
            using var scope = NewDisposeScope();
            var x = inputs[i];
            for (int layer = 0; layer < _layers.Count; layer++)
            {
                x = nn.functional.linear(x, _layers[layer].Weight, _layers[layer].Bias);
                x = layer + 1 < _layers.Count ? x.relu_() : x;
            }

            var loss = teacher is null ? nn.functional.cross_entropy(x, labels[i]) : SoftLoss(x, teacher[i], 20);
            _gradients.zero_();
            loss.backward();
            Step();
        }
    }

    public void Dispose()
    {
        _optimizer?.Dispose();
        foreach (var (weight, bias) in _layers)
        {
            weight.Dispose();
            bias.Dispose();
        }

        _values.Dispose();
        _gradients.Dispose();
        _velocity.Dispose();
    }

    private static Tensor SoftLoss(Tensor student, Tensor teacher, double temperature)
    {
        var mine = nn.functional.log_softmax(student / temperature, 1);
        var theirs = nn.functional.log_softmax(teacher / temperature, 1);
        return (theirs.exp() * (theirs - mine)).sum(1).mean() * (temperature * temperature * 0.05);
    }

    private void Step()
    {
        if (_optimizer is not null)
        {
            _optimizer.step();
            return;
        }

        using var guard = no_grad();
        _velocity.mul_(0.9);
        _velocity.add_(_gradients);
        _values.add_(_velocity, -0.01);
    }

    private Parameter Leaf(ref long offset, double deviation, params long[] shape)
    {
        long count = shape.Aggregate((a, b) => a * b);
        using var guard = no_grad();
        using var piece = _values.narrow(0, offset, count);
        using var view = piece.view(shape);
        view.normal_(0, deviation);
        using var gradient = _gradients.narrow(0, offset, count);
        using var gradientView = gradient.view(shape);
        offset += count;
        return new(view.detach()) { grad = gradientView };
    }
}
