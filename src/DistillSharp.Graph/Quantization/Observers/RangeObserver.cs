namespace DistillSharp.Graph.Quantization.Observers;

/// <summary>Looks at the numbers of one value, or of a group that shares its scale, and chooses the range that the integers cover.</summary>
public abstract class RangeObserver
{
    /// <summary>How often the observer must see all numbers: 1, or 2 where it first needs the extremes.</summary>
    public virtual int Passes => 1;

    /// <summary>The least number seen in the first pass; 0 if none was.</summary>
    protected double Least { get; private set; }

    /// <summary>The greatest number seen in the first pass; 0 if none was.</summary>
    protected double Greatest { get; private set; }

    /// <summary>The pass that numbers are seen in, 0-based.</summary>
    protected int Pass { get; private set; }

    /// <summary>Whether anything was seen.</summary>
    protected bool HasSeen { get; private set; }

    /// <summary>Looks at numbers.</summary>
    /// <param name="numbers">The numbers; the last pass must show the same ones as the first.</param>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public void Observe(ReadOnlySpan<float> numbers)
    {
        if (Pass > 0)
        {
            Count(numbers);
            return;
        }

        float least = float.PositiveInfinity, greatest = float.NegativeInfinity;
        foreach (float number in numbers)
        {
            if (!float.IsFinite(number))
            {
                throw new ArgumentException($"A number is {number}, so no range holds it.", nameof(numbers));
            }

            least = Math.Min(least, number);
            greatest = Math.Max(greatest, number);
        }

        if (numbers.Length > 0)
        {
            (Least, Greatest) = HasSeen ? (Math.Min(Least, least), Math.Max(Greatest, greatest)) : (least, greatest);
            HasSeen = true;
            SeeExtremes(least, greatest);
        }
    }

    /// <summary>Says that a batch has ended.</summary>
    public virtual void EndBatch()
    {
    }

    /// <summary>Says that all numbers were shown.</summary>
    public void EndPass()
    {
        Pass++;
        BeginCounting();
    }

    /// <summary>The range chosen; [0, 0] if nothing was seen.</summary>
    public abstract QuantizationRange Range();

    /// <summary>Takes the extremes of some numbers, in the first pass.</summary>
    /// <param name="least">The least of them.</param>
    /// <param name="greatest">The greatest of them.</param>
    protected virtual void SeeExtremes(float least, float greatest)
    {
    }

    /// <summary>Prepares for a further pass, the extremes being known.</summary>
    protected virtual void BeginCounting()
    {
    }

    /// <summary>Takes numbers in a further pass.</summary>
    /// <param name="numbers">The numbers.</param>
    protected virtual void Count(ReadOnlySpan<float> numbers)
    {
    }
}
