using System.Globalization;
using System.Text.Json;
using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests.Commands;

public class BenchCommandTests
{
    private static readonly string[] s_quick = ["--threads", "1", "--warmup", "1", "--runs", "2", "--rounds", "3"];

    [Fact]
    public void The_screen_and_the_files_tell_the_same_models()
    {
        using var folder = new TemporaryFolder();
        string one = TinyModel.Save(folder, "one.onnx"), two = TinyModel.Save(folder, "two.onnx", classes: 4);
        string[] files = [folder["all.json"], folder["all.csv"], folder["all.md"]];

        string output = DistillCommand.Run(["bench", one, two, .. s_quick, "--starts", "1", "--batch", "3", "--json", files[0], "--csv", files[1], "--markdown", files[2]]).Done().Output;

        string[] lines = output.Split('\n');
        Assert.Matches(@"^model\s+p50 ms\s+p95 ms\s+p99 ms\s+samples/s\s+times the first\s+cold start ms\s+peak memory\s+file\s+threads$", lines[0]);
        Assert.StartsWith(one, lines[1], StringComparison.Ordinal);
        Assert.StartsWith(two, lines[2], StringComparison.Ordinal);
        Assert.Contains("3 rounds of 2 predictions", output, StringComparison.Ordinal);
        Assert.Contains("95 % bootstrap interval", output, StringComparison.Ordinal);

        using var json = JsonDocument.Parse(File.ReadAllText(files[0]));
        var results = json.RootElement.GetProperty("Results").EnumerateArray().ToArray();
        Assert.Equal([one, two], results.Select(result => result.GetProperty("Path").GetString()));
        Assert.All(results, result =>
        {
            Assert.Equal((3, 1, 6), (result.GetProperty("Batch").GetInt32(), result.GetProperty("Threads").GetInt32(), result.GetProperty("Count").GetInt32()));
            Assert.True(result.GetProperty("ColdStart").GetDouble() > 0);
            Assert.InRange(result.GetProperty("PeakMemory").GetInt64(), 10L << 20, 100L << 30);
            Assert.Equal(new FileInfo(result.GetProperty("Path").GetString()!).Length, result.GetProperty("FileLength").GetInt64());
        });
        Assert.Equal(JsonValueKind.Null, results[0].GetProperty("Ratio").ValueKind);
        Assert.Equal(3, results[1].GetProperty("Ratio").GetProperty("Pairs").GetInt32());

        // "inputs" holds commas and is quoted: the number of the latency is found from the end.
        string[] csv = File.ReadAllLines(files[1]);
        Assert.Equal(3, csv.Length);
        Assert.StartsWith("path,inputs,batch,threads,file_bytes,predictions,p50_ms,", csv[0], StringComparison.Ordinal);
        Assert.Contains("\"input [3, 1, 28, 28]\",3,1,", csv[2], StringComparison.Ordinal);
        Assert.Equal(results[1].GetProperty("LatencyP50").GetDouble(), double.Parse(csv[2].Split(',')[^10], CultureInfo.InvariantCulture));

        string[] markdown = File.ReadAllLines(files[2]);
        Assert.StartsWith("| model | p50 ms |", markdown[0], StringComparison.Ordinal);
        Assert.Equal(10, markdown[1].Split("---").Length - 1);
        Assert.StartsWith($"| {two} | ", markdown[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_process_starts_neither_cold_start_nor_memory_is_claimed()
    {
        using var folder = new TemporaryFolder();
        string output = DistillCommand.Run(["bench", TinyModel.Save(folder), .. s_quick, "--starts", "0"]).Done().Output;
        Assert.Contains("No process was started", output, StringComparison.Ordinal);
        Assert.DoesNotContain("times the first:", output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Every_model_that_cannot_be_opened_is_named_with_what_to_do()
    {
        using var folder = new TemporaryFolder();
        string broken = TinyModel.SaveTruncated(folder);
        DistillCommand.Run("bench", TinyModel.Save(folder), broken, "absent.onnx").Refused(1, broken, "cannot be run by ONNX Runtime", "The model 'absent.onnx' does not exist.", "Nothing was measured", "leave it out");
    }

    [Fact]
    public void A_size_that_the_file_fixes_is_kept()
    {
        using var folder = new TemporaryFolder();
        DistillCommand.Run("bench", TinyModel.Save(folder), "--imgsz", "32").Refused(1, "fixed size 28 at axis 2", "Leave --imgsz out");
    }

    [Theory]
    [InlineData("--rounds", "0", "The rounds must be 1 or more.")]
    [InlineData("--runs", "0", "The predictions of a round must be 1 or more.")]
    [InlineData("--warmup", "-1", "The untimed predictions must be 0 or more.")]
    [InlineData("--batch", "0", "The batch must be 1 or more.")]
    [InlineData("--batch", "many", "--batch takes a whole number, but 'many' was given.")]
    public void A_bad_number_is_refused(string option, string value, string message) => DistillCommand.Run("bench", "m.onnx", option, value).Refused(2, message);

    [Fact]
    public void A_file_that_cannot_be_written_is_refused_before_anything_is_measured()
    {
        using var folder = new TemporaryFolder();
        DistillCommand.Run("bench", TinyModel.Save(folder), "--json", folder["absent", "all.json"]).Refused(2, "its folder does not exist", "Nothing was measured");
        DistillCommand.Run("bench", TinyModel.Save(folder), "--csv", folder.Path).Refused(2, "it is a folder");
    }
}
