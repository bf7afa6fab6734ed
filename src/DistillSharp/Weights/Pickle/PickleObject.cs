namespace DistillSharp.Weights.Pickle;

/// <summary>An object that would have been made by calling something. It is not made: this only says what it would have been.</summary>
/// <param name="type">The name that would have been called.</param>
/// <param name="arguments">With what.</param>
internal sealed class PickleObject(PickleGlobal type, IReadOnlyList<object?> arguments)
{
    private PickleDict? _entries;
    private PickleList? _elements;

    public PickleGlobal Type { get; } = type;

    public IReadOnlyList<object?> Arguments { get; } = arguments;

    /// <summary>What would have been handed to <c>__setstate__</c>: mostly the attributes as a dictionary.</summary>
    public object? State { get; set; }

    /// <summary>What would have been set by key.</summary>
    public PickleDict Entries => _entries ??= new();

    /// <summary>What would have been appended.</summary>
    public PickleList Elements => _elements ??= new();

    /// <summary>The attributes; empty where the state is none.</summary>
    public PickleDict Attributes => State as PickleDict ?? (State as PickleTuple)?.Items.OfType<PickleDict>().FirstOrDefault() ?? new();

    /// <summary>An attribute; null where there is none.</summary>
    public object? Attribute(string name) => Attributes.Find(name);
}
