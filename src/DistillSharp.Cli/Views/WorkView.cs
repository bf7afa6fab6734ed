using DistillSharp.Tasks.Data;
using Spectre.Console;

namespace DistillSharp.Cli.Views;

/// <summary>Shows one piece of work outside a run, beside the results: a bar on a terminal, which goes when the work is done; a few lines elsewhere.</summary>
internal static class WorkView
{
    /// <summary>Does work that tells its share.</summary>
    /// <param name="what">The work, in a word or two.</param>
    /// <param name="work">The work.</param>
    public static T Shares<T>(string what, Func<IProgress<double>, T> work) => Bar(what) is { } bar ? bar.Show(() => work(bar)) : work(new ShareView(what));

    /// <summary>Does work that may download.</summary>
    /// <param name="what">The work, in a word or two.</param>
    /// <param name="work">The work.</param>
    public static T Downloads<T>(string what, Func<IProgress<DownloadProgress>, T> work) => Bar(what) is { } bar ? bar.Show(() => work(bar)) : work(new DownloadView());

    /// <summary>Does work that tells where it is; elsewhere than on a terminal nothing is printed.</summary>
    /// <param name="what">The work, in a word or two.</param>
    /// <param name="work">The work.</param>
    public static T Places<T>(string what, Func<IProgress<string>?, T> work) => Bar(what) is { } bar ? bar.Show(() => work(new Place(bar))) : work(null);

    private static BarView? Bar(string what)
    {
        if (Console.IsErrorRedirected)
        {
            return null;
        }

        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Profile.Capabilities is { Ansi: true, Interactive: true } ? new(console) { Title = what, TakesOutput = !Console.IsOutputRedirected } : null;
    }

    private sealed class Place(BarView bar) : IProgress<string>
    {
        public void Report(string value) => bar.Detail(value);
    }
}
