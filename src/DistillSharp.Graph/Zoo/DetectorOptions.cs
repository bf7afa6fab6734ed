namespace DistillSharp.Graph.Zoo;

/// <summary>What a detector is told. Its graph takes pictures of any size that its coarsest stride divides.</summary>
public record DetectorOptions : ModelOptions
{
    /// <summary>Creates options for 80 classes and pictures of 640x640.</summary>
    public DetectorOptions()
    {
        Classes = 80;
        Height = 640;
        Width = 640;
    }

    /// <inheritdoc/>
    protected override int FewestClasses => 1;

    /// <summary>Refuses pictures that a detector's stride does not divide.</summary>
    /// <param name="model">The model's key.</param>
    /// <param name="stride">Its coarsest stride.</param>
    internal void RequireMultipleOf(string model, int stride)
    {
        if (Height % stride != 0 || Width % stride != 0)
        {
            throw new ArgumentException($"The detector '{model}' needs pictures whose sides are multiples of {stride}, but they are {Height}x{Width}. Letterbox them to {RoundedUp(Height)}x{RoundedUp(Width)}.");
        }

        int RoundedUp(int side) => (side + stride - 1) / stride * stride;
    }
}
