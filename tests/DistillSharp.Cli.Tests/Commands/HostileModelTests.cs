using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests.Commands;

/// <summary>Every command that is given a model, given a bad one: one line that says what and which file, exit code 1, and no file more than before.</summary>
public class HostileModelTests
{
    [Theory]
    [InlineData("truncated", "the file is truncated or no ONNX file")]
    [InlineData("empty", "the file holds no graph, so it is no ONNX model")]
    [InlineData("lying length", "the file is truncated or no ONNX file")]
    [InlineData("cycle", "the nodes form a cycle through Flatten 'flatten'")]
    [InlineData("wrong size", "the tensor 'fc1.weight' of shape [2147483648, 144] (Float32) needs 1236950581248 bytes, but the file holds 4608")]
    [InlineData("outside", "the tensor 'fc1.weight' names the file '../../etc/passwd', which is not in the model's folder")]
    [InlineData("absent", "the tensor 'fc1.weight' lies in 'weights.bin', which is not beside the model. Copy it there.")]
    public void A_model_that_is_read_here_is_refused_by_what_is_wrong(string kind, string message)
    {
        Refused(kind, ["info", "bad.onnx"], $"'bad.onnx' cannot be read as an ONNX model: {message}");
        Refused(kind, ["quantize", "bad.onnx", "--dynamic"], $"'bad.onnx' cannot be read as an ONNX model: {message}");
    }

    [Theory]
    [InlineData("lying length")]
    [InlineData("cycle")]
    [InlineData("wrong size")]
    [InlineData("outside")]
    public void A_model_that_ONNX_Runtime_reads_is_refused_by_its_name(string kind)
    {
        Refused(kind, ["predict", "--model", "bad.onnx", "picture.png"], "'bad.onnx' cannot be run by ONNX Runtime: ");
        Refused(kind, ["bench", "bad.onnx", "--starts", "0"], "bad.onnx", "cannot be run by ONNX Runtime", "Nothing was measured");
    }

    [Theory]
    [InlineData("cycle")]
    [InlineData("outside")]
    public void Nothing_is_trained_scored_or_calibrated_with_it(string kind)
    {
        string[] data = ["--data", "glyphs"];
        Refused(kind, ["val", "--model", "bad.onnx", .. data], "'bad.onnx' cannot be run by ONNX Runtime: ");
        Refused(kind, ["quantize", "bad.onnx", .. data], "bad.onnx' cannot be read as an ONNX model: ");
        Refused(kind, ["train", "--model", "bad.onnx", "--epochs", "1", .. data], "bad.onnx' cannot be read as an ONNX model: ");
        Refused(kind, ["train", "--model", "mlp", "--teacher", "bad.onnx", "--epochs", "1", .. data], "bad.onnx", "cannot be run by ONNX Runtime: ");
    }

    private static void Refused(string kind, string[] arguments, params string[] parts)
    {
        using var folder = new TemporaryFolder();
        HostileModel.Save(folder, kind);
        string[] before = Entries(folder);

        var result = DistillCommand.RunIn(folder.Path, arguments).Refused(CommandLine.Failed, parts);

        // The bench command says what is wrong with each model, a line each, and then what to do.
        string[] errors = result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(arguments[0] == "bench" ? 2 : 1, errors.Length);
        Assert.StartsWith("distill: ", errors[0], StringComparison.Ordinal);
        Assert.Equal(before, Entries(folder));
    }

    private static string[] Entries(TemporaryFolder folder) => [.. Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
