namespace DistillSharp.Tasks.Detection.Drawing;

/// <summary>Which curve of a detector's score.</summary>
public enum CurveKind
{
    /// <summary>Precision over confidence.</summary>
    Precision,

    /// <summary>Recall over confidence.</summary>
    Recall,

    /// <summary>F1 over confidence.</summary>
    F1,

    /// <summary>Precision over recall.</summary>
    PrecisionOverRecall,
}
