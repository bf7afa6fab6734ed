using DistillSharp.Reports;
using DistillSharp.Runtime.Native;
using DistillSharp.TestKit;

[assembly: AssemblyFixture(typeof(EndToEnd.Tests.TinyRun))]

namespace EndToEnd.Tests;

/// <summary>One whole run of the command, made once for all tests that look at it.</summary>
public sealed class TinyRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<CommandResult> _result;

    public TinyRun()
    {
        // Some tests open its models with nothing of ours.
        NativeOnnxRuntime.EnsureLoaded();
        Recipe = _folder.Write("tiny.yaml", """
            name: tiny
            data: {set: {glyphs: {train: 400, test: 200}}}
            teacher:
              model: mlp
              training: {epochs: 3}
            student: {model: {mlp: {widths: [16]}}}
            training: {epochs: 3, augment: [{jitter: {pixels: 1}}]}
            distillation:
              losses:
                - kd: {temperature: 3}
            """);
        _result = new(() => DistillCommand.RunIn(_folder.Path, ["run", Recipe, "--out", "run"]).Done());
    }

    public string Recipe { get; }

    public string Folder => _folder.Path;

    /// <summary>What the command printed; it is run at the first asking.</summary>
    public string Output => _result.Value.Output;

    public RunReport Report => RunReport.Parse(File.ReadAllText(At("report.json")));

    public string At(params string[] parts)
    {
        _ = _result.Value;
        return _folder[["run", .. parts]];
    }

    public void Dispose() => _folder.Dispose();
}
