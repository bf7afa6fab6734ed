using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests;

public class CommandLineTests
{
    [Fact]
    public void What_is_done_ends_with_0() => Assert.Equal(CommandLine.Done, DistillCommand.Run("list", "losses").Done().ExitCode);

    [Fact]
    public void What_fails_ends_with_1() => DistillCommand.Run("info", "absent.onnx").Refused(1, "The model 'absent.onnx' does not exist.");

    [Fact]
    public void Wrong_usage_ends_with_2() => DistillCommand.Run("val", "--data", "glyphs").Refused(2, "'--model' is required", "Try: distill val --help");

    [Fact]
    public void Nothing_typed_shows_the_help_and_counts_as_wrong_usage()
    {
        var result = DistillCommand.Run();
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("distill run recipes/quickstart.yaml", result.Output, StringComparison.Ordinal);
        Assert.Contains("Commands:", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_misspelt_command_is_answered_with_the_one_meant() =>
        DistillCommand.Run("trian").Refused(2, "There is no command 'trian'. Did you mean 'train'?", "Try: distill --help");

    [Fact]
    public void A_command_like_no_other_is_answered_with_all_there_are() =>
        DistillCommand.Run("zzzzzzzz").Refused(2, "There is no command 'zzzzzzzz'.", "run, compare, train, val, predict, info, import, export, convert, quantize, bench, list, report, doctor");

    [Theory]
    [InlineData("train", "--epoch", "--epochs")]
    [InlineData("train", "--batchs", "--batch")]
    [InlineData("val", "--thread", "--threads")]
    [InlineData("run", "--resum", "--resume")]
    public void A_misspelt_option_is_answered_with_the_one_meant(string command, string given, string meant) =>
        DistillCommand.Run(command, given, "3").Refused(2, $"'{command}' has no option '{given}'. Did you mean '{meant}'?", $"Try: distill {command} --help");

    [Fact]
    public void A_misspelt_option_is_not_taken_for_a_file() =>
        DistillCommand.Run("predict", "--modle", "m.onnx", "x.png").Refused(2, "'predict' has no option '--modle'. Did you mean '--model'?");

    [Fact]
    public void What_follows_two_dashes_is_a_file_whatever_it_is_called()
    {
        using var folder = new TemporaryFolder();
        DistillCommand.Run("predict", "--model", TinyModel.Save(folder), "--", "--1.png").Refused(1, "The picture '--1.png' cannot be read");
    }

    [Fact]
    public void An_option_with_its_value_after_an_equals_sign_is_named_without_it() =>
        DistillCommand.Run("train", "--epoch=3").Refused(2, "'train' has no option '--epoch'. Did you mean '--epochs'?");

    [Theory]
    [InlineData("--epochs", "three", "a whole number")]
    [InlineData("--epochs", "1.5", "a whole number")]
    [InlineData("--seed", "0x1", "a whole number")]
    [InlineData("--lr", "fast", "a number")]
    public void A_bad_number_is_named_with_what_was_wanted(string option, string given, string wanted) =>
        DistillCommand.Run("train", "--data", "glyphs", "--model", "mlp", option, given).Refused(2, $"{option} takes {wanted}, but '{given}' was given.");

    [Fact]
    public void An_option_without_its_value_is_named() =>
        DistillCommand.Run("train", "--data", "glyphs", "--model", "mlp", "--lr").Refused(2, "--lr needs a value.");

    [Fact]
    public void A_word_too_many_is_named() => DistillCommand.Run("run", "a.yaml", "b.yaml").Refused(2, "'run' does not know what to do with 'b.yaml'.");

    [Fact]
    public void A_file_whose_name_begins_with_an_at_sign_is_a_file_like_any_other()
    {
        using var folder = new TemporaryFolder();
        string model = TinyModel.Save(folder);
        DistillCommand.Run("predict", "--model", model, "@1.png").Refused(1, "'@1.png'");
    }

    [Fact]
    public void The_version_is_told() => Assert.Matches(@"^\d+\.\d+\.\d+", DistillCommand.Run("--version").Done().Output);
}
