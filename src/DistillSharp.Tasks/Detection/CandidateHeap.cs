namespace DistillSharp.Tasks.Detection;

/// <summary>
/// Candidates by falling confidence, equal ones by rising number. A heap, since the suppression mostly ends after a few hundred of up to a million: it pays for
/// those it looks at. Its memory is kept from picture to picture.
/// </summary>
internal sealed class CandidateHeap
{
    // A confidence above 0 has the order of its bits; the number's complement makes the lower one greater.
    private ulong[] _keys = new ulong[1_024];
    private int _count;

    public void Clear() => _count = 0;

    public void Add(float confidence, int number)
    {
        if (_count == _keys.Length)
        {
            Array.Resize(ref _keys, checked(2 * _keys.Length));
        }

        _keys[_count++] = ((ulong)BitConverter.SingleToUInt32Bits(confidence) << 32) | ~(uint)number;
    }

    /// <summary>Brings what was added in order; then <see cref="TryTake"/>.</summary>
    public void Order()
    {
        for (int i = (_count / 2) - 1; i >= 0; i--)
        {
            Sink(i);
        }
    }

    public bool TryTake(out float confidence, out int number)
    {
        if (_count == 0)
        {
            (confidence, number) = (0, 0);
            return false;
        }

        ulong best = _keys[0];
        _keys[0] = _keys[--_count];
        Sink(0);
        (confidence, number) = (BitConverter.UInt32BitsToSingle((uint)(best >> 32)), (int)~(uint)best);
        return true;
    }

    private void Sink(int at)
    {
        ulong key = _keys[at];
        while (true)
        {
            int child = (2 * at) + 1;
            if (child >= _count)
            {
                break;
            }

            child += child + 1 < _count && _keys[child + 1] > _keys[child] ? 1 : 0;
            if (_keys[child] <= key)
            {
                break;
            }

            _keys[at] = _keys[child];
            at = child;
        }

        _keys[at] = key;
    }
}
