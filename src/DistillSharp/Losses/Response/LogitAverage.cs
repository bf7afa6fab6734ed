namespace DistillSharp.Losses.Response;

/// <summary>What the sum over rows and classes is divided by.</summary>
public enum LogitAverage
{
    /// <summary>The rows: samples, or tokens.</summary>
    Rows,

    /// <summary>Rows times classes: smaller by the number of classes.</summary>
    Elements,
}
