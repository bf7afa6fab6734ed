using DistillSharp.Losses;
using static TorchSharp.torch;

namespace DistillSharp.Benchmarks.LossCost;

/// <summary>A loss of the library beside the same formula written by hand on raw tensors.</summary>
/// <param name="Key">The loss's key.</param>
/// <param name="Loss">The loss, with the options the formula is written for.</param>
/// <param name="Inputs">What the batch gives; the student's tensors are leaves.</param>
/// <param name="Setup">What the loss is told beside shapes.</param>
/// <param name="ByHand">The formula, made for a prepared loss: it copies the adapter's weights once, and knows nothing else of the library. The tensors it makes are freed by a dispose scope around it.</param>
internal sealed record LossTrial(string Key, DistillationLoss Loss, LossInputs Inputs, Func<LossSetup, LossSetup> Setup, Func<DistillationLoss, Func<Tensor>> ByHand);
