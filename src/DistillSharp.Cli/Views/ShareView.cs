using System.Globalization;

namespace DistillSharp.Cli.Views;

/// <summary>Tells how far long work is: a bar on a terminal, every quarter elsewhere.</summary>
/// <param name="what">What is done.</param>
internal sealed class ShareView(string what) : IProgress<double>
{
    private const int Width = 40;
    private int _told = -1;

    public void Report(double value)
    {
        int step = (int)(value * (Console.IsErrorRedirected ? 4 : 100));
        if (step > _told)
        {
            _told = step;
            string share = string.Create(CultureInfo.InvariantCulture, $"{100 * value:0} %");
            int filled = (int)(Width * Math.Clamp(value, 0, 1));
            Console.Error.Write(Console.IsErrorRedirected ? $"{what}: {share}\n" : $"\r{what,-15} {new string('█', filled)}{new string('░', Width - filled)} {share,5}{(value >= 1 ? "\n" : "")}");
        }
    }
}
