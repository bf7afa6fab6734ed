namespace DistillSharp.Runtime.Detection;

/// <summary>What a detector's scores are.</summary>
public enum ScoreKind
{
    /// <summary>Told by a sample: logits where any is outside 0 to 1, of a softmax where there is one column more than classes, of sigmoids otherwise; probabilities where none is.</summary>
    Auto,

    /// <summary>Probabilities, 0 to 1.</summary>
    Probability,

    /// <summary>Logits of each class for itself; the probability is their sigmoid.</summary>
    Sigmoid,

    /// <summary>Logits of all classes together; the probability is their softmax. With one column more than classes, the last is "no object", as DETR has it (Carion et al., arXiv:2005.12872).</summary>
    Softmax,
}
