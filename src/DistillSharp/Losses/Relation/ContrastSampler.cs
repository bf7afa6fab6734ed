using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Losses.Relation;

/// <summary>Draws, for each sample of a batch, samples of the training data to contrast it with. Draws are independent: a sample may come twice.</summary>
internal sealed class ContrastSampler : IDisposable
{
    // The data sorted by class: what a sample is not contrasted with is one block of it.
    private readonly Tensor _order, _start, _length;
    private readonly long _samples;

    /// <summary>Notes what each sample must not be contrasted with.</summary>
    /// <param name="labels">The class of every training sample.</param>
    /// <param name="otherClasses">Whether that is its class, or only itself.</param>
    /// <param name="device">Where tensors live.</param>
    public ContrastSampler(IReadOnlyList<int> labels, bool otherClasses, Device device)
    {
        _samples = labels.Count;
        long[] order = new long[labels.Count], start = new long[labels.Count], length = new long[labels.Count];
        long next = 0;
        foreach (var group in Enumerable.Range(0, labels.Count).GroupBy(i => otherClasses ? labels[i] : i))
        {
            long first = next;
            foreach (int sample in group)
            {
                order[next++] = sample;
            }

            foreach (int sample in group)
            {
                (start[sample], length[sample]) = (first, next - first);
            }

            if (next - first == labels.Count)
            {
                throw new ArgumentException(
                    $"CrdLoss finds nothing to contrast: {(otherClasses ? $"all {labels.Count} training samples are of class {labels[group.First()]}. Set negatives-from to all-samples, or take data of several classes" : "there is one training sample only")}.");
            }
        }

        (_order, _start, _length) = (Kept(order, device), Kept(start, device), Kept(length, device));
    }

    /// <summary>Draws.</summary>
    /// <param name="indices">The batch's positions in the training data, <c>[N]</c>.</param>
    /// <param name="negatives">How many for each.</param>
    /// <param name="seed">The seed of this draw.</param>
    /// <returns>Each sample, then its negatives, <c>[N, negatives + 1]</c>.</returns>
    public Tensor Draw(Tensor indices, int negatives, long seed)
    {
        using var generator = new Generator((ulong)seed, CPU);
        var length = _length.index_select(0, indices).unsqueeze(1);
        var numbers = rand([indices.shape[0], negatives], ScalarType.Float64, CPU, generator: generator).to(indices.device);
        var places = (numbers * length.neg().Plus(Number.Of(_samples))).to(ScalarType.Int64);
        places = places.Plus(places.ge(_start.index_select(0, indices).unsqueeze(1)).to(ScalarType.Int64) * length);
        return cat([indices.unsqueeze(1), _order.take(places)], 1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _order.Dispose();
        _start.Dispose();
        _length.Dispose();
    }

    private static Tensor Kept(long[] numbers, Device device)
    {
        using var host = tensor(numbers);
        return host.to(device, copy: true).DetachFromDisposeScope();
    }
}
