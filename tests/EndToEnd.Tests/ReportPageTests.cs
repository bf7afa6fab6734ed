using System.Diagnostics;
using System.Text.RegularExpressions;
using DistillSharp.TestKit;

namespace EndToEnd.Tests;

public class ReportPageTests(TinyRun run)
{
    private const string Browser = "/usr/bin/chromium";

    [Fact]
    public void Asks_for_nothing_beside_itself()
    {
        string page = File.ReadAllText(run.At("report.html"));
        Assert.DoesNotMatch(@"(?i)<(script|link|iframe|object|embed|img|base)\b", page);
        Assert.DoesNotMatch(@"(?i)@import|url\s*\(|\bsrc\s*=", page);
        Assert.DoesNotMatch(@"(?i)\bhref\s*=\s*[""'](?!#)", page);
    }

    [Fact]
    public async Task Opens_in_a_browser_without_an_error_and_without_a_request()
    {
        Assert.SkipUnless(File.Exists(Browser), $"{Browser} is not installed.");
        using var folder = new TemporaryFolder();
        string log = folder["net.json"];
        string[] flags =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--enable-logging=stderr", $"--user-data-dir={folder["profile"]}", $"--log-net-log={log}", "--dump-dom", $"file://{run.At("report.html")}",
        ];
        using var process = Process.Start(new ProcessStartInfo(Browser, flags) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string dom = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Side by side", dom, StringComparison.Ordinal);
        Assert.Contains("</html>", dom, StringComparison.Ordinal);
        Assert.DoesNotContain("CONSOLE", await errors, StringComparison.Ordinal);
        string[] requests = [.. Regex.Matches(File.ReadAllText(log), @"""url"":""(https?://[^""]+)""").Select(match => match.Groups[1].Value).Distinct()];
        Assert.Empty(requests);
    }
}
