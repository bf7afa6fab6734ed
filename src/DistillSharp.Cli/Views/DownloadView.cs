using DistillSharp.Reports;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Cli.Views;

/// <summary>Tells how a download goes: a changing line on a terminal, every tenth of the file elsewhere.</summary>
internal sealed class DownloadView : IProgress<DownloadProgress>
{
    private string _file = "";
    private int _tenth;

    public void Report(DownloadProgress value)
    {
        int tenth = value.Total is { } total and > 0 ? (int)(10 * value.Received / total) : 0;
        bool news = value.File != _file || tenth > _tenth;
        if (news || !Console.IsErrorRedirected)
        {
            string line = $"download {value.File}: {ReportTable.Size(value.Received)}{(value.Total is { } all ? $" of {ReportTable.Size(all)}" : "")}";
            Console.Error.Write(Console.IsErrorRedirected ? line + "\n" : $"\r{line}   {(value.Received == value.Total ? "\n" : "")}");
        }

        (_file, _tenth) = (value.File, tenth);
    }
}
