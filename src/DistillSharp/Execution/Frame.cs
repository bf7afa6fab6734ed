using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution;

/// <summary>The values of one forward pass, by slot.</summary>
internal sealed class Frame(int slotCount, Generator generator, ScalarType precision, Device device)
{
    private readonly Tensor?[] _values = new Tensor?[slotCount];

    /// <summary>Whether batch statistics and dropout are on.</summary>
    public bool Training { get; set; }

    /// <summary>Whether batch statistics of one value per channel are allowed.</summary>
    public bool AllowSingleValues { get; init; }

    /// <summary>The share of a batch in the running statistics, for all norms; null (default) for each norm's own.</summary>
    public double? BatchShare { get; set; }

    /// <summary>Where random masks come from.</summary>
    public Generator Generator { get; } = generator;

    /// <summary>What floating-point values are computed in.</summary>
    public ScalarType Precision { get; } = precision;

    /// <summary>Where values other than shapes live.</summary>
    public Device Device { get; } = device;

    /// <summary>Whether everything lives on the host, so that no value is ever on the wrong side.</summary>
    public bool OnHost { get; } = device.type == DeviceType.CPU;

    /// <summary>A value that must be there.</summary>
    /// <param name="slot">Its slot.</param>
    public Tensor this[int slot]
    {
        get => _values[slot] ?? throw new InvalidOperationException($"Slot {slot} is read before it is written.");
        set => _values[slot] = value;
    }

    /// <summary>An optional input, or null if it was left out.</summary>
    /// <param name="slot">Its slot, or -1.</param>
    public Tensor? Optional(int slot) => slot < 0 ? null : this[slot];

    /// <summary>A value where another one lives: shape arithmetic runs on the host.</summary>
    /// <param name="value">The value.</param>
    /// <param name="other">The other one.</param>
    /// <returns>The value itself, or a copy that the caller's scope owns.</returns>
    public Tensor Beside(Tensor value, Tensor other) => OnHost || value.device_type == other.device_type ? value : value.to(other.device);

    /// <summary>Takes a value out of the frame; whoever calls owns it.</summary>
    /// <param name="slot">Its slot.</param>
    public Tensor? Take(int slot)
    {
        var value = _values[slot];
        _values[slot] = null;
        return value;
    }

    /// <summary>Moves a value that was changed in place to its new slot.</summary>
    /// <param name="from">The slot it was in, which becomes empty.</param>
    /// <param name="to">The slot it goes to.</param>
    /// <param name="changed">What the in-place operation returned: the same tensor.</param>
    public void Move(int from, int to, Tensor changed)
    {
        var value = Take(from);
        if (!ReferenceEquals(value, changed))
        {
            value?.Dispose();
        }

        this[to] = changed;
    }
}
