namespace DistillSharp.Tests.Runs;

/// <summary>Keeps what a run says, at once.</summary>
internal sealed class Log : IProgress<string>
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    public void Report(string value) => _lines.Add(value);
}
