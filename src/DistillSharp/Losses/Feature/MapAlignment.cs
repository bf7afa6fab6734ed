namespace DistillSharp.Losses.Feature;

/// <summary>How a student's map is brought to the teacher's channels.</summary>
public enum MapAlignment
{
    /// <summary>By a trained 1x1 convolution where the channels differ; as it is where they agree.</summary>
    WhereNeeded,

    /// <summary>Always by a trained 1x1 convolution.</summary>
    Conv,

    /// <summary>Always by a trained 1x1 convolution, then batch normalisation without scale and bias.</summary>
    ConvNorm,
}
