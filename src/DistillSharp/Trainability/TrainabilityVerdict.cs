namespace DistillSharp.Trainability;

/// <summary>What a proof came to.</summary>
public enum TrainabilityVerdict
{
    /// <summary>A forward and a backward were run, and every trainable weight's gradient is present and finite.</summary>
    Proved,

    /// <summary>They were run, and some trainable weights have no gradient; the others have, and are finite.</summary>
    Partly,

    /// <summary>The model cannot be trained here.</summary>
    Refused,

    /// <summary>Nothing was proved: a size is not known, or the trial would cost too much.</summary>
    NotTried,
}
