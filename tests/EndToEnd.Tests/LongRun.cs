using DistillSharp.TestKit;

[assembly: AssemblyFixture(typeof(EndToEnd.Tests.LongRun))]

namespace EndToEnd.Tests;

/// <summary>A run of so many epochs that a signal meets it on the way, and what it comes to when nothing interrupts it.</summary>
public sealed class LongRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string> _whole;

    public LongRun()
    {
        // Dropout, jitter and an average: everything whose state a resumed run must take up.
        Recipe = _folder.Write("long.yaml", """
            name: long
            threads: 1
            data: {set: {glyphs: {train: 400, test: 50}}}
            teacher:
              model: {mlp: {widths: [64]}}
              allow-weak: true
            student: {model: {mlp: {widths: [32], dropout: 0.1}}}
            training: {epochs: 40, batch: 16, min-steps: 0, ema-decay: 0.9, augment: [{jitter: {pixels: 1}}]}
            evaluation: {profile: false}
            """);
        _whole = new(() =>
        {
            DistillCommand.RunIn(_folder.Path, ["run", Recipe, "--out", "whole"]).Done();
            return _folder["whole"];
        });
    }

    public string Recipe { get; }

    /// <summary>The uninterrupted run's folder.</summary>
    public string Whole => _whole.Value;

    public void Dispose() => _folder.Dispose();
}
