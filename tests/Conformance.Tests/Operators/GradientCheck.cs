using System.Runtime.InteropServices;
using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Tasks.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Conformance.Tests.Operators;

/// <summary>A case in float64: a number made of all its float outputs, and its derivatives by each float input.</summary>
internal sealed class GradientCheck : IDisposable
{
    /// <summary>Points nearer to a kink than this are redrawn.</summary>
    private const double Near = 1e-3;

    /// <summary>Inputs of more elements are checked at this many of them and along one direction through all.</summary>
    private const int Most = 256;

    private const double Step = 1e-5;

    private readonly GraphExecutor _executor;
    private readonly Dictionary<string, Tensor> _inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> _factors = new(StringComparer.Ordinal);
    private readonly NodeCase _case;
    private SampleRandom _random = new(23, 0, 0);

    public GradientCheck(NodeCase one)
    {
        _case = one;
        _executor = new(one.Model, new() { Precision = ElementType.Float64 });
        foreach (var (name, data) in one.Inputs)
        {
            _inputs.Add(name, _executor.ToInput(data));
        }

        using var outputs = _executor.Train(_inputs, step: 0);
        foreach (var (name, data) in one.Outputs.Where(output => Numbers.IsFloat(output.Value.Type)))
        {
            _factors.Add(name, torch.tensor([.. Draw(outputs[name].numel())], outputs[name].shape));
        }
    }

    /// <summary>The float inputs that a gradient may reach: not the scales and regions of a Resize, nor the ratio of a Dropout, which choose what is computed.</summary>
    public IEnumerable<string> Inputs => _case.Inputs.Where(input => Numbers.IsFloat(input.Value.Type) && !Chooses(input.Key)).Select(input => input.Key);

    /// <summary>How far the gradient is from central differences, relative to their largest; how many points were redrawn; whether a sample was checked.</summary>
    public (double Error, int Redrawn, bool Sampled) Error(string name)
    {
        var input = _inputs[name];
        long count = input.numel();
        if (count == 0)
        {
            return (0, 0, false);
        }

        bool sampled = count > Most;
        long[] places = sampled ? [.. Enumerable.Range(0, Most).Select(_ => _random.NextInt((int)count)).Distinct().Select(place => (long)place)] : [.. Enumerable.Range(0, (int)count)];
        int redrawn = Redraw(input, places);
        double[] gradient = Gradient(name);
        double[] expected = [.. places.Select(place => Slope(input, place))];
        double difference = places.Select((place, i) => Math.Abs(gradient[place] - expected[i])).Max();
        if (sampled)
        {
            double[] direction = [.. Draw(count)];
            double along = direction.Zip(gradient, (a, b) => a * b).Sum();
            double measured = Along(input, direction);
            difference = Math.Max(difference, Math.Abs(along - measured) / Math.Sqrt(count));
        }

        // A gradient of nothing is measured as rounding noise.
        return (difference / Math.Max(expected.Max(Math.Abs), 1e-3), redrawn, sampled);
    }

    public void Dispose()
    {
        foreach (var tensor in _inputs.Values.Concat(_factors.Values))
        {
            tensor.Dispose();
        }

        _executor.Dispose();
    }

    private bool Chooses(string name) => _case.Model.Nodes.Any(node =>
        (node.Operation is "Resize" or "Upsample" && node.Inputs.IndexOf(name) > 0) || (node.Operation == "Dropout" && node.Inputs.IndexOf(name) == 1));

    private IEnumerable<double> Draw(long count) => Enumerable.Range(0, (int)count).Select(_ => _random.NextNormal()).ToList();

    private double[] Gradient(string name)
    {
        using var scope = NewDisposeScope();
        var leaf = _inputs[name].clone().requires_grad_();
        var inputs = new Dictionary<string, Tensor>(_inputs) { [name] = leaf };
        using var outputs = _executor.Train(inputs, step: 0);
        var value = Value(outputs);
        if (!value.requires_grad)
        {
            return new double[leaf.numel()];
        }

        value.backward();
        return leaf.grad is { } gradient ? [.. gradient.contiguous().data<double>()] : new double[leaf.numel()];
    }

    private double Measure()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        using var outputs = _executor.Train(_inputs, step: 0);
        return Value(outputs).ToDouble();
    }

    private Tensor Value(NamedTensors outputs)
    {
        var sum = zeros(1, ScalarType.Float64);
        foreach (var (name, factors) in _factors)
        {
            var value = outputs[name];
            if (!value.shape.AsSpan().SequenceEqual(factors.shape))
            {
                // Moved, the point gives another number of outputs: a Range has steps of its own. No place to measure at.
                return full(1, double.NaN, ScalarType.Float64);
            }

            // Poles of the function are none either.
            sum = sum.add(where(value.isfinite(), value.mul(factors), zeros_like(value)).sum());
        }

        return sum;
    }

    private double At(Tensor input, long place, double moved)
    {
        var elements = MemoryMarshal.Cast<byte, double>(input.bytes);
        double was = elements[(int)place];
        elements[(int)place] = was + moved;
        double value = Measure();
        elements[(int)place] = was;
        return value;
    }

    private double Slope(Tensor input, long place) => (At(input, place, Step) - At(input, place, -Step)) / (2 * Step);

    private double Along(Tensor input, double[] direction)
    {
        double[] was = [.. input.data<double>()];
        double Moved(double by)
        {
            was.Zip(direction, (a, b) => a + (by * b)).ToArray().CopyTo(MemoryMarshal.Cast<byte, double>(input.bytes));
            return Measure();
        }

        // So short a way that of a million points hardly one meets a kink on it.
        double slope = (Moved(Step / 100) - Moved(-Step / 100)) / (Step / 50);
        was.CopyTo(MemoryMarshal.Cast<byte, double>(input.bytes));
        return slope;
    }

    /// <summary>Moves the points where the slopes to either side, or over a short and a long way, differ by more than a smooth function's would.</summary>
    private int Redraw(Tensor input, long[] places)
    {
        double[] values = [.. input.data<double>()];
        double low = values.Min(), high = values.Max(), width = Math.Max(high - low, 0.5);
        int redrawn = 0;
        foreach (long place in places)
        {
            for (int attempt = 0; attempt < 20 && IsNearKink(input, place); attempt++)
            {
                MemoryMarshal.Cast<byte, double>(input.bytes)[(int)place] = low + (width * _random.NextDouble());
                redrawn++;
            }
        }

        return redrawn;
    }

    private bool IsNearKink(Tensor input, long place)
    {
        double here = At(input, place, 0), right = (At(input, place, Near) - here) / Near, left = (here - At(input, place, -Near)) / Near;
        double sizes = Math.Abs(right) + Math.Abs(left);
        return !double.IsFinite(sizes) || Math.Abs(right - left) > 0.02 * sizes || Math.Abs(((right + left) / 2) - Slope(input, place)) > 1e-4 * sizes;
    }
}
