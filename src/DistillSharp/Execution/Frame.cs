using static TorchSharp.torch;

namespace DistillSharp.Execution;

/// <summary>The values of one forward pass, by slot.</summary>
internal sealed class Frame(int slotCount, Generator generator)
{
    private readonly Tensor?[] _values = new Tensor?[slotCount];

    /// <summary>Whether batch statistics and dropout are on.</summary>
    public bool Training { get; set; }

    /// <summary>Where random masks come from.</summary>
    public Generator Generator { get; } = generator;

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
