namespace DistillSharp.Runtime.Detection;

/// <summary>What the numbers of a detector's boxes count.</summary>
public enum BoxUnit
{
    /// <summary>Told by a sample: shares where no number of the surest boxes is further from 0 than 1.5; pixels otherwise.</summary>
    Auto,

    /// <summary>Pixels of the model's input.</summary>
    Pixels,

    /// <summary>Shares of the input's width and height, 0 to 1.</summary>
    Share,
}
