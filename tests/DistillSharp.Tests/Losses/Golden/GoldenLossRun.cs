using DistillSharp.Losses;
using DistillSharp.TestKit.Golden;

namespace DistillSharp.Tests.Losses.Golden;

/// <summary>How a case is computed with this library.</summary>
/// <param name="Loss">The loss, with the case's hyper-parameters.</param>
/// <param name="Inputs">The batch.</param>
internal sealed record GoldenLossRun(DistillationLoss Loss, LossInputs Inputs)
{
    /// <summary>What the loss is told of data and teacher beside shapes and precision.</summary>
    public Func<LossSetup, LossSetup> Setup { get; init; } = setup => setup;

    /// <summary>What is put into the loss once it is prepared: the state it is in before the batch.</summary>
    public Action? Prepared { get; init; }

    /// <summary>The adapter's initialiser that a weight of the reference is, by its name in PyTorch; null for one this library keeps elsewhere.</summary>
    public Func<string, string?> AdapterName { get; init; } = name => name;

    /// <summary>What the loss is multiplied by to be the reference's.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>Errors up to here are the reference's own: it rounds something to float32.</summary>
    public double ReferenceError { get; init; }

    /// <summary>Further values of the reference that are held against the loss after it was computed.</summary>
    public Action<IReadOnlyDictionary<string, NpyArray>, double>? Further { get; init; }
}
