using Spectre.Console;
using Spectre.Console.Rendering;

namespace DistillSharp.Cli.Views;

/// <summary>Text that is written where a live display was, as whole lines: each is erased first, since the display's own lines may be longer, and the last one ends.</summary>
/// <param name="text">The text; it is wrapped between words.</param>
/// <param name="style">Its style.</param>
internal sealed class WholeLines(string text, Style style) : Renderable
{
    /// <summary>Erases from the cursor to the end of its line.</summary>
    public const string EraseToEnd = "\e[K";

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        foreach (var line in Segment.SplitLines(((IRenderable)new Text(text, style)).Render(options, maxWidth), maxWidth))
        {
            yield return Segment.Control(EraseToEnd);
            foreach (var segment in line)
            {
                yield return segment;
            }

            yield return Segment.LineBreak;
        }
    }
}
