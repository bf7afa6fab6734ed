using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Runtime.Profiling;
using DistillSharp.TestKit;

namespace DistillSharp.Runtime.Tests.Profiling;

public sealed class ColdStartProbeTests
{
    [Fact]
    public void The_work_says_the_first_prediction_and_then_its_memory()
    {
        using var folder = new TemporaryFolder();
        using var said = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };

        ColdStartProbe.Work(folder.Write("model.onnx", OnnxFile.Serialize(SmallModel.Graph(null))), new() { Threads = 1, Runs = 2 }, said);

        string[] lines = said.ToString().Split('\n');
        Assert.Equal(["first", ""], [lines[0], lines[2]]);
        Assert.InRange(long.Parse(lines[1]["peak ".Length..], CultureInfo.InvariantCulture), 10L << 20, 100L << 30);
    }

    [Fact]
    public void A_model_that_is_not_there_is_named() =>
        Assert.Throws<FileNotFoundException>(() => ColdStartProbe.Work("/nowhere/model.onnx", new(), TextWriter.Null));

    [Fact]
    public void The_time_ends_with_the_first_prediction_and_not_with_the_process()
    {
        SkipWithoutShell();

        var (milliseconds, memory) = ColdStartProbe.Run(["/bin/sh", "-c", "sleep 0.2; echo first; sleep 1.2; echo peak 77"]);

        // The process ends after 1.4 s; the first prediction is told at 0.2 s. Only bounds that hold on a busy machine.
        Assert.True(milliseconds >= 190, $"{milliseconds} ms");
        Assert.Equal(77, memory);
    }

    [Theory]
    [InlineData("echo first; echo why >&2")]
    [InlineData("echo peak 5; echo why >&2")]
    [InlineData("echo first; echo peak many; echo why >&2")]
    [InlineData("echo first; echo peak 5; echo why >&2; exit 4")]
    public void A_process_that_fails_or_says_too_little_gives_its_error_text(string script)
    {
        SkipWithoutShell();
        Assert.Contains("why", Assert.Throws<InvalidOperationException>(() => ColdStartProbe.Run(["/bin/sh", "-c", script])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_size_that_is_free_is_refused_in_the_process_too()
    {
        using var folder = new TemporaryFolder();
        var graph = SmallModel.Graph(null);
        string path = folder.Write("model.onnx", OnnxFile.Serialize(graph));

        Assert.Throws<GraphException>(() => ColdStartProbe.Work(path, new() { ImageSize = 9 }, TextWriter.Null));
    }

    private static void SkipWithoutShell() => Assert.SkipUnless(File.Exists("/bin/sh"), "The child processes of this test are shell scripts.");
}
