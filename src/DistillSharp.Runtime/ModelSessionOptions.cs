namespace DistillSharp.Runtime;

/// <summary>How ONNX Runtime runs a model.</summary>
public sealed record ModelSessionOptions
{
    /// <summary>The threads within one operator, 0 (default) for one a core.</summary>
    public int Threads
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Threads), value, "The number of threads must be 0 (one a core) or more.");
    }

    /// <summary>Whether ONNX Runtime keeps the memory of a run for the next one: faster, but held until the session is closed. Default true; false where something else needs it meanwhile.</summary>
    public bool KeepMemory { get; init; } = true;

    /// <summary>The threads that are used: never 0.</summary>
    public int EffectiveThreads => Threads > 0 ? Threads : Environment.ProcessorCount;
}
