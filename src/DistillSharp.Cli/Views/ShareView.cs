using System.Globalization;

namespace DistillSharp.Cli.Views;

/// <summary>Tells how far long work is: a changing line on a terminal, every quarter elsewhere.</summary>
/// <param name="what">What is done.</param>
internal sealed class ShareView(string what) : IProgress<double>
{
    private int _told = -1;

    public void Report(double value)
    {
        int step = (int)(value * (Console.IsErrorRedirected ? 4 : 100));
        if (step > _told)
        {
            _told = step;
            string line = string.Create(CultureInfo.InvariantCulture, $"{what}: {100 * value:0} %");
            Console.Error.Write(Console.IsErrorRedirected ? line + "\n" : $"\r{line}   {(value >= 1 ? "\n" : "")}");
        }
    }
}
