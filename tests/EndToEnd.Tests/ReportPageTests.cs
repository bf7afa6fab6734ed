using System.Diagnostics;
using System.Text.RegularExpressions;
using DistillSharp.TestKit;

namespace EndToEnd.Tests;

public class ReportPageTests(TinyRun run)
{
    private static readonly string s_browser = Environment.GetEnvironmentVariable("DISTILLSHARP_BROWSER") is { Length: > 0 } named ? named : "/usr/bin/chromium";

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
        Assert.SkipUnless(File.Exists(s_browser), $"The browser is absent: '{s_browser}' does not exist. Install Chromium, or set DISTILLSHARP_BROWSER to the path of one.");
        using var folder = new TemporaryFolder();
        string page = File.ReadAllText(run.At("report.html"));
        var opened = await Open(folder, page);
        Assert.Contains("Side by side", opened.Page, StringComparison.Ordinal);
        Assert.Contains("</svg>", opened.Page, StringComparison.Ordinal);
        Assert.Empty(opened.Complaints);
        Assert.Empty(opened.Requests);

        // The same page, spoilt, shows that the browser would have told.
        string spoilt = page.Replace("</body>", "<img src=\"http://page.invalid/x.png\"><script>console.error('oops')</script></body>", StringComparison.Ordinal);
        var seen = await Open(folder, spoilt);
        Assert.Contains("oops", Assert.Single(seen.Complaints), StringComparison.Ordinal);
        Assert.Equal(["http://page.invalid/x.png"], seen.Requests);
    }

    private static async Task<(string Page, string[] Complaints, string[] Requests)> Open(TemporaryFolder folder, string page)
    {
        string log = folder["net.json"];
        string[] flags =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", $"--user-data-dir={folder["profile"]}", $"--log-net-log={log}", "--dump-dom",
            $"file://{folder.Write("page.html", page)}",
        ];
        using var process = Process.Start(new ProcessStartInfo(s_browser, flags) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string dom = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        // The browser's own requests are not made for a page: only a page's are kept apart by its file.
        var requests = Regex.Matches(await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken), @"""network_isolation_key"":""file:[^\n]*?""url"":""((?!file:)[^""]+)""");
        return (dom, [.. (await errors).Split('\n').Where(line => line.Contains("CONSOLE", StringComparison.Ordinal))], [.. requests.Select(match => match.Groups[1].Value).Distinct()]);
    }
}
