using System.CommandLine;
using System.Globalization;
using DistillSharp.Native;
using DistillSharp.Reports;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill doctor</c>: what this machine has, and whether training and running work on it.</summary>
internal static class DoctorCommand
{
    private static readonly string[] s_features = ["AVX2", "AVX-512", "VNNI", "BF16"];

    public static Command Build()
    {
        var command = new Command("doctor", "Tell what this machine has, and whether training and running work on it");
        command.OnRun((_, _) =>
        {
            var machine = MachineReport.Read();
            Line(".NET", machine.Runtime);
            Line("system", machine.OperatingSystem);
            Line("processor", machine.Processor);
            Line("features", string.Join(", ", s_features.Select(name => $"{name} {(machine.Features.Contains(name) ? "yes" : "no")}")));
            bool sound = Check("libtorch", Torch);
            sound &= Check("ONNX Runtime", () => Microsoft.ML.OnnxRuntime.OrtEnv.Instance().GetVersionString());
            Line("threads", string.Create(CultureInfo.InvariantCulture, $"{machine.Cores} cores"));
            Line("data", string.Join(", ", new DataLocation().Roots.Select(root => $"{root}{(Directory.Exists(root) ? "" : " (not there yet)")}")));
            Line("free disk", Disk());
            return sound ? CommandLine.Done : CommandLine.Failed;
        });
        return command;
    }

    private static string Torch()
    {
        var status = NativeTorch.EnsureLoaded();
        return $"{TorchSharp.torch.__version__}, {TorchSharp.torch.get_num_threads()} threads, {(TorchSharp.torch.cuda_is_available() ? "CUDA" : "no CUDA")}; loaded: {status.Description}";
    }

    private static bool Check(string name, Func<string> read)
    {
        try
        {
            Line(name, read());
            return true;
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException or BadImageFormatException)
        {
            Line(name, $"does not work: {(error.InnerException ?? error).Message}");
            return false;
        }
    }

    private static string Disk()
    {
        // On Windows a drive is named by its letter, elsewhere by any folder on it.
        string here = Environment.CurrentDirectory;
        var drive = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(here)! : here);
        return $"{ReportTable.Size(drive.AvailableFreeSpace)} of {ReportTable.Size(drive.TotalSize)}, where this folder is";
    }

    private static void Line(string name, string value) => Console.Out.WriteLine($"{name,-13} {value}");
}
