using DistillSharp.Native;
using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests;

/// <summary>The command without its native libraries, as a program is that references the packages alone.</summary>
public sealed class MissingNativesTests : IDisposable
{
    private static readonly string[] s_commands = [.. NativeLibraries.All.Select(backend => backend.Package!.Command)];
    private readonly TemporaryFolder _folder = new();
    private readonly string _program;

    public MissingNativesTests()
    {
        // Without the manifest, .NET takes what lies beside the program: the managed libraries alone.
        foreach (string path in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").Append(DistillCommand.Program).Append(Path.Combine(AppContext.BaseDirectory, "distill.runtimeconfig.json")))
        {
            File.Copy(path, _folder[Path.GetFileName(path)]);
        }

        _program = _folder[Path.GetFileName(DistillCommand.Program)];
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows native libraries end as managed ones do.");
    }

    [Fact]
    public void The_doctor_names_all_of_them()
    {
        var result = DistillCommand.RunProgram(_program, ["doctor"]).Refused(1, s_commands);
        Assert.Matches(@"(?m)^libtorch\s+does not work: it is missing$", result.Output);
        Assert.Matches(@"(?m)^ONNX Runtime\s+does not work: it is missing$", result.Output);
        Assert.Matches(@"(?m)^SkiaSharp\s+does not work: it is missing$", result.Output);
    }

    [Theory]
    [InlineData("train --data glyphs --model mlp --epochs 1 --out OUT")]
    [InlineData("train --data coco8.yaml --model yolo11n --epochs 1 --out OUT")]
    [InlineData("run RECIPE --out OUT")]
    public void What_trains_names_all_of_them_before_any_work(string command)
    {
        string recipe = _folder.Write("recipe.yaml", "name: none\ndata: {set: glyphs}\nteacher: mlp\nstudent: mlp\n");
        string[] arguments = [.. command.Split(' ').Select(word => word switch { "OUT" => _folder["out"], "RECIPE" => recipe, _ => word })];
        DistillCommand.RunProgram(_program, arguments).Refused(1, s_commands);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public void What_runs_a_model_names_what_runs_models_and_what_decodes_images()
    {
        var result = DistillCommand.RunProgram(_program, ["bench", TinyModel.Save(_folder), "--starts", "0"]).Refused(1, s_commands[1..]);
        Assert.DoesNotContain("libtorch", result.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
