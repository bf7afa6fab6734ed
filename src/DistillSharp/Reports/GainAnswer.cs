namespace DistillSharp.Reports;

/// <summary>Whether distillation helps, as far as a run can tell.</summary>
public enum GainAnswer
{
    /// <summary>The 95 % interval over the repeats holds 0.</summary>
    Unclear,

    /// <summary>The interval lies above 0, models have learned something, and the teacher scores above the control.</summary>
    Helps,

    /// <summary>The interval lies below 0, and models have learned something.</summary>
    Hurts,

    /// <summary>The run cannot tell: it has one repeat, neither model has learned enough, or the gain is not the teacher's.</summary>
    Open,
}
