using DistillSharp.Cli.Views;
using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests.Views;

public sealed class ProgramNameTests
{
    [Fact]
    public void A_program_built_from_sources_is_run_by_its_project()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["src", "Cli", "bin", "Release", "net10.0"]);
        File.WriteAllText(folder["src", "Cli", "distill.csproj"], "");

        Assert.Equal("dotnet run -c Release --project src/Cli --", ProgramName.Of(folder["src", "Cli", "bin", "Release", "net10.0"] + "/", folder.Path));
        Assert.Equal($"dotnet run -c Release --project {folder["src", "Cli"]} --", ProgramName.Of(folder["src", "Cli", "bin", "Release", "net10.0"], folder["src", "elsewhere"]));
    }

    [Fact]
    public void A_published_program_is_called_by_its_name() => Assert.Equal("distill", ProgramName.Of("/opt/distill/", "/home"));
}
