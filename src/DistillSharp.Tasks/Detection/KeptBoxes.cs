namespace DistillSharp.Tasks.Detection;

/// <summary>The boxes of one picture that stay, chained by group (a class, or one group for all): a newcomer is only compared with its own.</summary>
internal sealed class KeptBoxes
{
    private int[] _last = [];
    private (BoundingBox Box, int Previous)[] _boxes = new (BoundingBox, int)[64];
    private int _count;

    /// <summary>Forgets everything.</summary>
    /// <param name="groups">How many groups there are.</param>
    public void Clear(int groups)
    {
        if (_last.Length < groups)
        {
            _last = new int[groups];
        }

        Array.Fill(_last, -1);
        _count = 0;
    }

    /// <summary>Keeps a box unless it overlaps one of its group by more than a limit.</summary>
    /// <returns>Whether it was kept.</returns>
    public bool TryKeep(BoundingBox box, int group, float limit)
    {
        for (int i = _last[group]; i >= 0; i = _boxes[i].Previous)
        {
            if (_boxes[i].Box.IntersectionOverUnion(box) > limit)
            {
                return false;
            }
        }

        if (_count == _boxes.Length)
        {
            Array.Resize(ref _boxes, 2 * _boxes.Length);
        }

        _boxes[_count] = (box, _last[group]);
        _last[group] = _count++;
        return true;
    }
}
