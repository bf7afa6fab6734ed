using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests.Commands;

public class CommandRunnerTests
{
    [Fact]
    public void An_interrupted_command_ends_with_130_and_says_how_to_go_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "This test needs signals: run it on Linux or macOS.");
        using var folder = new TemporaryFolder();
        string data = new TinyIdx().Write(folder);
        using var command = DistillCommand.Start(folder.Path, ["train", "--data", "mnist", "--data-root", data, "--model", "mlp", "--epochs", "100000", "--out", "my run"]);
        command.WaitFor("epoch 1/");
        command.Signal(15);
        command.Wait().Refused(130, "stopping after this step", "distill run --resume 'my run'");
    }
}
