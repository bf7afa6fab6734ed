using System.CommandLine;

namespace DistillSharp.Cli.Commands;

/// <summary>The options that several commands share, each said once.</summary>
internal static class CommonOptions
{
    /// <summary>The side that pictures of a folder are scaled to where nothing is said.</summary>
    public const int FolderPictureSide = 64;

    public static Option<string?> DataRoot() => new("--data-root") { Description = "The folder looked in first for the data", HelpName = "FOLDER" };

    public static Option<bool> NoDownload() => new("--no-download") { Description = "Never download data" };

    public static Option<string?> Out() => new("--out") { Description = "The run's folder (default runs/NAME)", HelpName = "FOLDER" };

    public static Option<int> Threads() => new("--threads") { Description = "Threads of libtorch and ONNX Runtime, 0 for one a core", HelpName = "N", DefaultValueFactory = _ => 0 };

    public static Option<int> Workers() => new("--workers") { Description = "Threads that decode and augment ahead", HelpName = "N", DefaultValueFactory = _ => 1 };

    public static Option<bool> SkipBad() => new("--skip-bad") { Description = "Skip undecodable pictures; they are named and counted" };

    public static Option<int> ImageSize() => new("--imgsz") { Description = "The side that pictures of a folder are scaled to, pixels", HelpName = "N", DefaultValueFactory = _ => FolderPictureSide };

    /// <summary>A side without a default: what it is depends on the task.</summary>
    public static Option<int?> ImageSizeChoice() => new("--imgsz") { Description = "The side that pictures are scaled to, pixels (default 64 for pictures of a folder; a detector 640)", HelpName = "N" };

    public static Option<string> Data(bool required = true) => new("--data") { Description = "The data: a key (distill list datasets), a folder of pictures, or a recipe that uses it", HelpName = "SET", Required = required };
}
