using System.CommandLine;
using DistillSharp.Cli.Views;
using DistillSharp.Detection.Export;
using DistillSharp.Graph.Format;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill export MODEL --out FILE</c>: a detector's file for others to use.</summary>
internal static class ExportCommand
{
    public static Command Build()
    {
        var options = new ExportOptions();
        var command = new Command("export", "Write a detector as the ONNX file that tools for YOLO take: one size or any, float16, INT8, boxes chosen inside");
        options.AddTo(command);
        command.OnRun((parsed, cancellation) =>
        {
            string path = parsed.GetValue(options.Model)!, target = parsed.GetValue(options.Out) ?? Path.ChangeExtension(path, ".onnx");
            OutputFile.RefuseUnwritable(target, "Nothing was exported.", path);
            options.RefuseUnused(parsed);
            var detector = DetectorFile.Open(path);
            var result = WorkView.Shares("exporting", progress => DetectorExport.Run(detector, options.Of(parsed), progress, cancellation));
            OnnxFile.Save(result.Graph, target);
            ExportView.Print(result, target);
            return CommandLine.Done;
        });
        return command;
    }
}
