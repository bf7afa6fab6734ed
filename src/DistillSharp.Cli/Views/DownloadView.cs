using DistillSharp.Reports;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Cli.Views;

/// <summary>Prints how a download goes, every tenth of the file.</summary>
internal sealed class DownloadView : IProgress<DownloadProgress>
{
    private string _file = "";
    private int _tenth;

    public void Report(DownloadProgress value)
    {
        int tenth = value.Total is { } total and > 0 ? (int)(10 * value.Received / total) : 0;
        if (value.File != _file || tenth > _tenth)
        {
            Console.Error.WriteLine($"download {value.File}: {Size(value)}");
        }

        (_file, _tenth) = (value.File, tenth);
    }

    /// <summary>How much there is, of how much.</summary>
    public static string Size(DownloadProgress value) => $"{ReportTable.Size(value.Received)}{(value.Total is { } all ? $" of {ReportTable.Size(all)}" : "")}";
}
