using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Runtime.Profiling;
using DistillSharp.TestKit;

namespace DistillSharp.Runtime.Tests.Profiling;

public sealed class ProbeProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void What_the_work_writes_is_what_is_read()
    {
        SkipWithoutShell();
        var plan = Plan("a", "b");
        string times = _folder.Write("times", Work(["times", "1", "1", "32", .. plan.Subjects.Select(subject => subject.Path)]));
        string memory = _folder.Write("memory", Work(["memory", "1", "1", "32", plan.Subjects[0].Path]));
        var told = new List<double>();

        var probed = ProbeProcess.Run(["/bin/sh", "-c", $"echo a line before; cat '{_folder.Path}/'$0"], plan, threads: 1, new Told(told), TestContext.Current.CancellationToken);

        Assert.All(probed, one =>
        {
            Assert.Null(one.Error);
            Assert.True(one.Profile!.LatencyP50 > 0 && one.Profile.LatencyP50 <= one.Profile.LatencyP95 && one.Profile.Throughput > 0);
            Assert.Equal((1, 1, 32), (one.Profile.Threads, one.Profile.LatencyBatch, one.Profile.Batch));
            Assert.InRange(one.Profile.PeakMemory!.Value, 10L << 20, 100L << 30);
        });
        Assert.Equal(2, probed.Count);
        Assert.Contains($"\"LatencyP50\":{probed[1].Profile!.LatencyP50.ToString("R", System.Globalization.CultureInfo.InvariantCulture)}", File.ReadAllText(times), StringComparison.Ordinal);
        Assert.Contains(probed[0].Profile!.PeakMemory!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), File.ReadAllText(memory), StringComparison.Ordinal);
        Assert.Equal(told.Order(), told);
        Assert.True(told.Count > 40, $"{told.Count} reports: the bar must move.");
        Assert.Equal(1, told[^1], 1e-9);
    }

    [Fact]
    public void One_process_times_all_and_one_for_each_measures_memory_at_the_same_batch()
    {
        SkipWithoutShell();
        var plan = Plan("a", "b");
        string log = _folder["log"];
        const string times = """{"Model":0,"Profile":{"Threads":1,"LatencyP50":1,"LatencyP95":1,"Throughput":1,"LatencyBatch":1,"Batch":32}}""";
        string script = $$"""echo "$0 $*" >> '{{log}}'; case $0 in times) echo '{{times}}'; echo '{{times.Replace("\"Model\":0", "\"Model\":1", StringComparison.Ordinal)}}';; *) echo '{"PeakMemory":5}';; esac""";

        ProbeProcess.Run(["/bin/sh", "-c", script], plan, threads: 2, cancellation: TestContext.Current.CancellationToken);

        string a = plan.Subjects[0].Path, b = plan.Subjects[1].Path;
        Assert.Equal([$"times 2 1 32 {a} {b}", $"memory 2 1 32 {a}", $"memory 2 1 32 {b}"], File.ReadAllLines(log));
    }

    [Fact]
    public void A_model_that_cannot_be_run_is_told_and_costs_the_others_nothing()
    {
        string good = Model("good", 4), bad = _folder.Write("bad.onnx", "no model");

        string[] lines = Work(["times", "1", "1", "32", bad, good]).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Single(lines, line => line.Contains("\"Error\"", StringComparison.Ordinal) && line.Contains("bad.onnx", StringComparison.Ordinal));
        Assert.Single(lines, line => line.Contains("\"Model\":1", StringComparison.Ordinal) && line.Contains("LatencyP50", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("echo nothing of use; echo why >&2")]
    [InlineData("echo '{ no JSON'; echo why >&2")]
    [InlineData("echo '{}' | tr -d '}'; echo why >&2")]
    [InlineData("echo why >&2; exit 3")]
    [InlineData("i=0; while [ $i -lt 4000 ]; do echo 'a line of output that fills the pipe'; echo 'a line of errors that fills the pipe: why' >&2; i=$((i+1)); done; exit 1")]
    public void A_process_that_gives_no_profile_gives_its_error_text(string script)
    {
        SkipWithoutShell();
        var error = Assert.Throws<InvalidOperationException>(() => ProbeProcess.Run(["/bin/sh", "-c", script], Plan("a"), threads: 1, cancellation: TestContext.Current.CancellationToken));

        Assert.Contains("why", error.Message, StringComparison.Ordinal);
        Assert.Contains("a.onnx", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_stopped_ends_the_process()
    {
        SkipWithoutShell();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        Assert.Throws<OperationCanceledException>(() => ProbeProcess.Run(["/bin/sh", "-c", "exec sleep 100"], Plan("a"), threads: 1, cancellation: stop.Token));
    }

    [Theory]
    [InlineData("times 1 1 32")]
    [InlineData("times 1 0 32 model.onnx")]
    [InlineData("speed 1 1 32 model.onnx")]
    [InlineData("model.onnx 1")]
    public void Other_arguments_are_refused(string arguments) =>
        Assert.Contains(arguments, Assert.Throws<ArgumentException>(() => Work(arguments.Split(' '))).Message, StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();

    private static string Work(string[] arguments)
    {
        using var output = new StringWriter();
        ProbeProcess.Work(arguments, output, TestContext.Current.CancellationToken);
        return output.ToString();
    }

    private ProfilePlan Plan(params string[] names) => ProfilePlan.Of([.. names.Select((name, i) => (name, Model(name, 4 + i)))]);

    private string Model(string name, int width)
    {
        var graph = DistillSharp.Graph.Zoo.Mlp.Create(new() { Widths = [width], Classes = 2, Channels = 1, Height = 2, Width = 2 });
        WeightInitializer.Draw(graph, seed: 1);
        return _folder.Write($"{name}.onnx", OnnxFile.Serialize(graph));
    }

    private static void SkipWithoutShell() => Assert.SkipUnless(File.Exists("/bin/sh"), "The child processes of this test are shell scripts.");

    private sealed class Told(List<double> values) : IProgress<double>
    {
        public void Report(double value) => values.Add(value);
    }
}
