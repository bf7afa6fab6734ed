using System.CommandLine;
using System.Globalization;
using DistillSharp.Native;
using DistillSharp.Reports;
using DistillSharp.Runtime.Native;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Native;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill doctor</c>: what this machine has, and whether training and running models work on it.</summary>
internal static class DoctorCommand
{
    private static readonly string[] s_features = ["AVX2", "AVX-512", "VNNI", "BF16"];

    public static Command Build()
    {
        var command = new Command("doctor", "Check this machine: processor features, libtorch, ONNX Runtime, data folder");
        command.OnRun((_, _) =>
        {
            var machine = MachineReport.Read();
            Line(".NET", machine.Runtime);
            Line("system", machine.OperatingSystem);
            Line("processor", machine.Processor);
            Line("features", string.Join(", ", s_features.Select(name => $"{name} {(machine.Features.Contains(name) ? "yes" : "no")}")));
            bool sound = Check(NativeTorch.Backend, Torch);
            foreach (string remark in sound ? NativeTorch.Remarks : [])
            {
                Line("", remark);
            }

            sound &= Check(NativeOnnxRuntime.Backend, () => $"{NativeOnnxRuntime.Version}, telemetry {(SessionTelemetry.IsEnabled ? "on" : "off")}");
            sound &= Check(NativeSkia.Backend, () => NativeSkia.Version.ToString(2));
            Line("threads", string.Create(CultureInfo.InvariantCulture, $"{machine.Cores} cores"));
            Line("data", string.Join(", ", new DataLocation().Roots.Select(root => $"{root}{(Directory.Exists(root) ? "" : " (not there yet)")}")));
            Line("free disk", Disk());
            if (!sound)
            {
                Console.Error.WriteLine($"distill: {NativeBackend.Message(NativeLibraries.All)}");
            }

            return sound ? CommandLine.Done : CommandLine.Failed;
        });
        return command;
    }

    private static string Torch()
    {
        var status = NativeTorch.EnsureLoaded();
        return $"{TorchSharp.torch.__version__}, {TorchSharp.torch.get_num_threads()} threads, {(TorchSharp.torch.cuda_is_available() ? "CUDA" : "no CUDA")}; loaded: {status.Description}";
    }

    private static bool Check(NativeBackend backend, Func<string> read)
    {
        string? problem = backend.Probe();
        Line(backend.Name, problem is null ? read() : $"does not work: it {problem}");
        return problem is null;
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
