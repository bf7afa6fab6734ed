namespace DistillSharp.Cli.Views;

/// <summary>Tells steps of long work, a line each, beside the results.</summary>
internal sealed class LineView : IProgress<string>
{
    public void Report(string value) => Console.Error.WriteLine(value);
}
