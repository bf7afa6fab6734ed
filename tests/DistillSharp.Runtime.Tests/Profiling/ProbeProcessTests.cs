using System.Text.Json;
using DistillSharp.Graph.Format;
using DistillSharp.Runtime.Profiling;
using DistillSharp.TestKit;

namespace DistillSharp.Runtime.Tests.Profiling;

public sealed class ProbeProcessTests
{
    [Fact]
    public void What_the_work_says_is_what_is_read()
    {
        SkipWithoutShell();
        using var folder = new TemporaryFolder();
        string line = ProbeProcess.Work(folder.Write("model.onnx", OnnxFile.Serialize(SmallModel.Graph(SmallModel.Card))), threads: 1);
        string said = folder.Write("said", $"a line before\n{line}\n");

        var profile = ProbeProcess.Run(["/bin/sh", "-c", "cat \"$0\""], said, threads: 1);

        using var json = JsonDocument.Parse(line);
        Assert.DoesNotContain('\n', line);
        Assert.Equal(json.RootElement.GetProperty("LatencyP50").GetDouble(), profile.LatencyP50);
        Assert.Equal(json.RootElement.GetProperty("LatencyP95").GetDouble(), profile.LatencyP95);
        Assert.Equal(json.RootElement.GetProperty("Throughput").GetDouble(), profile.Throughput);
        Assert.True(profile.LatencyP50 <= profile.LatencyP95);
        Assert.Equal(1, profile.Threads);
        Assert.InRange(profile.PeakMemory!.Value, 10L << 20, 100L << 30);
    }

    [Fact]
    public void The_model_and_the_threads_are_given_to_the_process()
    {
        SkipWithoutShell();
        var error = Assert.Throws<InvalidOperationException>(() => ProbeProcess.Run(["/bin/sh", "-c", "echo \"model $0 threads $1\" >&2; exit 3"], "my model.onnx", threads: 2));

        Assert.Contains("The process that profiles 'my model.onnx' ended with 3: model my model.onnx threads 2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo nothing of use; echo why >&2")]
    [InlineData("echo '{ no JSON'; echo why >&2")]
    [InlineData("echo '{}' | tr -d '}'; echo why >&2")]
    public void A_process_that_says_no_profile_gives_its_error_text(string script)
    {
        SkipWithoutShell();
        var error = Assert.Throws<InvalidOperationException>(() => ProbeProcess.Run(["/bin/sh", "-c", script], "model.onnx", threads: 1));

        Assert.Contains("why", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_that_says_much_of_both_kinds_does_not_block()
    {
        SkipWithoutShell();
        const string script = "i=0; while [ $i -lt 4000 ]; do echo 'a line of output that fills the pipe'; echo 'a line of errors that fills the pipe' >&2; i=$((i+1)); done; exit 1";

        Assert.Throws<InvalidOperationException>(() => ProbeProcess.Run(["/bin/sh", "-c", script], "model.onnx", threads: 1));
    }

    private static void SkipWithoutShell() => Assert.SkipUnless(File.Exists("/bin/sh"), "The child processes of this test are shell scripts.");
}
