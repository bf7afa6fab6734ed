namespace DistillSharp.Cli.Views;

/// <summary>What a bar shows: replaced as a whole, since the thread that draws is another than the one that works.</summary>
/// <param name="Title">The stage, with its number and their count.</param>
/// <param name="Started">When its work began, in ticks of the view's clock.</param>
internal sealed record BarState(string Title, long Started)
{
    /// <summary>What is being done, and how it goes.</summary>
    public string Detail { get; init; } = "";

    /// <summary>The share that is done, 0 to 1; null where nothing is known of it.</summary>
    public double? Share { get; init; }

    /// <summary>The share that was done when work of an even pace began: above 0 after a resume; null where the pace changes, so that nothing is known of the time that is left.</summary>
    public double? Before { get; init; }

    /// <summary>The time that is left by the pace so far; null where there is none yet, and where all is done but what follows, such as the last validation.</summary>
    /// <param name="elapsed">The time since the work began.</param>
    public TimeSpan? Left(TimeSpan elapsed) => Share < 1 && Share - Before is > 0.005 and var done ? elapsed / done * (1 - Share) : null;
}
