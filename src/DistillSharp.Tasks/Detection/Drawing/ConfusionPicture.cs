using System.Globalization;
using DistillSharp.Tasks.Detection.Metrics;
using DistillSharp.Tasks.Images;
using SkiaSharp;

namespace DistillSharp.Tasks.Detection.Drawing;

/// <summary>A detector's confusions as a picture: a column a true class, a row a found one, the background last.</summary>
public static class ConfusionPicture
{
    private const int Side = 800, Left = 170, Top = 60, Capital = 9, MostNamed = 30, MostNumbers = 15;
    private static readonly SKColor s_ink = new(40, 40, 40);

    /// <summary>Draws the table.</summary>
    /// <param name="confusion">The table.</param>
    /// <param name="normalized">Whether each column is shown as shares of its true class, instead of counts.</param>
    /// <param name="nameOf">The name of a 0-based class.</param>
    /// <returns>The picture.</returns>
    public static PixelImage Draw(DetectionConfusion confusion, bool normalized, Func<int, string> nameOf)
    {
        ArgumentNullException.ThrowIfNull(confusion);
        ArgumentNullException.ThrowIfNull(nameOf);
        int count = confusion.ClassCount + 1;
        float cell = (float)Side / count;
        using var canvas = new PictureCanvas(Left + Side + 40, Top + Side + 170, SKColors.White);
        double[] totals = new double[count];
        foreach (var (_, truth, times) in confusion.Entries)
        {
            totals[truth] += times;
        }

        var cells = confusion.Entries.Select(entry => (entry.Found, entry.Truth, Value: normalized ? entry.Count / totals[entry.Truth] : entry.Count)).ToList();
        double most = cells.Count > 0 ? cells.Max(one => one.Value) : 1;
        canvas.Fill(Left, Top, Left + Side, Top + Side, Shade(0));
        foreach (var (found, truth, value) in cells)
        {
            var colour = Shade(value / most);
            float x = Left + (truth * cell), y = Top + (found * cell);
            canvas.Fill(x, y, x + cell, y + cell, colour);
            if (count <= MostNumbers)
            {
                string text = value.ToString(normalized ? "0.00" : "0", CultureInfo.InvariantCulture);
                canvas.Text(text, x + ((cell - PictureCanvas.WidthOf(text, Capital)) / 2), y + ((cell - Capital) / 2), Capital, ClassPalette.TextOn(colour));
            }
        }

        canvas.Frame(Left, Top, Left + Side, Top + Side, s_ink, 1.5f);
        Names(canvas, count, cell, nameOf);
        string title = normalized ? "Confusion Matrix Normalized" : "Confusion Matrix";
        canvas.Text(title, Left + ((Side - PictureCanvas.WidthOf(title, 14)) / 2), 24, 14, s_ink);
        canvas.Text("True", Left + ((Side - PictureCanvas.WidthOf("True", 12)) / 2), Top + Side + 146, 12, s_ink);
        canvas.Text("Predicted", 12, Top + ((Side + PictureCanvas.WidthOf("Predicted", 12)) / 2), 12, s_ink, upright: true);
        return canvas.ToImage();
    }

    /// <summary>From nearly white to dark blue.</summary>
    private static SKColor Shade(double share) => new((byte)(247 - (share * 239)), (byte)(251 - (share * 203)), (byte)(255 - (share * 148)));

    /// <summary>The classes' names, or the number of every tenth, hundredth, ... where there are many.</summary>
    private static void Names(PictureCanvas canvas, int count, float cell, Func<int, string> nameOf)
    {
        int step = 10;
        while (count / step > MostNamed)
        {
            step *= 10;
        }

        for (int i = 0; i < count; i++)
        {
            bool named = count <= MostNamed, last = i == count - 1;
            if (!named && !last && i % step != 0)
            {
                continue;
            }

            string name = last ? "background" : named ? nameOf(i) : i.ToString(CultureInfo.InvariantCulture);
            name = name.Length > 14 ? name[..12] + ".." : name;
            float middle = (i + 0.5f) * cell, width = PictureCanvas.WidthOf(name, Capital);
            canvas.Text(name, Left - 8 - width, Top + middle - (Capital / 2f), Capital, s_ink);
            canvas.Text(name, Left + middle - (Capital / 2f), Top + Side + 8 + width, Capital, s_ink, upright: true);
        }
    }
}
