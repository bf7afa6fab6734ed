using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DistillSharp.Cli.Views;

/// <summary>Draws a stage in two lines that never wrap: title, bar, share and time; below it what is being done. Where it is narrow the bar shrinks, then goes.</summary>
/// <param name="state">What is drawn, at the moment of drawing.</param>
/// <param name="elapsed">The time since a moment of the state's clock.</param>
internal sealed class StageBar(Func<BarState> state, Func<long, TimeSpan> elapsed) : Renderable
{
    private const int LeastBar = 8, MostBar = 40, Gap = 2;

    /// <summary>What is left free at the right: a terminal shows ^C where the cursor is, and must not begin a line for it, or the next drawing would miss the bar's own lines.</summary>
    private const int Echo = 2;
    private static readonly Style s_done = new(Color.Green), s_soft = new(Color.Grey);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        int width = Math.Max(0, maxWidth - Echo);
        var now = state();
        var spent = elapsed(now.Started);
        string end = now.Share is not { } share ? Text(spent)
            : now.Left(spent) is { } left ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(100 * share),3:0} %  {Text(left)} left")
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(100 * share),3:0} %  {Text(spent)}");
        string title = Cropped(now.Title, width - end.Length - Gap, options);
        int bar = Math.Min(MostBar, width - title.Length - end.Length - (2 * Gap));
        yield return new Segment(title);
        if (now.Share is { } done && bar >= LeastBar)
        {
            int filled = (int)Math.Floor(bar * done);
            yield return new Segment(new string(' ', Gap));
            yield return new Segment(new string(options.Unicode ? '━' : '=', filled), s_done);
            yield return new Segment(new string(options.Unicode ? '─' : '-', bar - filled), s_soft);
        }

        yield return new Segment(new string(' ', Gap) + end);
        yield return Segment.Control(WholeLines.EraseToEnd);
        if (now.Detail.Length > 0)
        {
            yield return Segment.LineBreak;
            yield return new Segment(Cropped(now.Detail, width, options), s_soft);
            yield return Segment.Control(WholeLines.EraseToEnd);
        }
    }

    /// <summary>A time as minutes and seconds, with hours where there are any.</summary>
    /// <param name="time">The time.</param>
    public static string Text(TimeSpan time) =>
        time < TimeSpan.FromHours(1) ? time.ToString("m\\:ss", CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalHours):0}:{time:mm\\:ss}");

    private static string Cropped(string text, int width, RenderOptions options)
    {
        string dots = options.Unicode ? "…" : "...";
        return text.Length <= width ? text : width <= dots.Length ? text[..Math.Max(0, width)] : text[..(width - dots.Length)] + dots;
    }
}
