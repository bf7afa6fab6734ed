namespace DistillSharp.Losses;

/// <summary>What a loss is where the student does what the teacher does.</summary>
public enum LossAgreement
{
    /// <summary>The loss is 0 and so is its gradient.</summary>
    Zero,

    /// <summary>The gradient is 0, but the loss is not: a cross-entropy keeps the teacher's entropy.</summary>
    Stationary,

    /// <summary>The loss is 0, but it has no gradient to speak of there: a norm that is not squared.</summary>
    Kink,

    /// <summary>Nothing is promised: hard labels, samples contrasted with others or trained adapters take part.</summary>
    Open,
}
