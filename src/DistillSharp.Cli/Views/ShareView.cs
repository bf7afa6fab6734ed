using System.Globalization;

namespace DistillSharp.Cli.Views;

/// <summary>Prints how far long work is, every quarter of it.</summary>
/// <param name="what">What is done.</param>
internal sealed class ShareView(string what) : IProgress<double>
{
    private int _told = -1;

    public void Report(double value)
    {
        if ((int)(value * 4) is var quarter && quarter > _told)
        {
            _told = quarter;
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {100 * value:0} %"));
        }
    }
}
