namespace DistillSharp.Cli.Views;

/// <summary>How this program is started, so that a command that it prints runs as it stands.</summary>
internal static class ProgramName
{
    /// <summary><c>distill</c>; where the program runs from the sources, <c>dotnet run -c Release --project src/DistillSharp.Cli --</c>.</summary>
    public static string Current { get; } = Of(AppContext.BaseDirectory, Environment.CurrentDirectory);

    /// <summary>The same for a program in a folder.</summary>
    /// <param name="location">The program's folder.</param>
    /// <param name="current">The folder that the command is typed in.</param>
    internal static string Of(string location, string current)
    {
        // PROJECT/bin/CONFIGURATION/FRAMEWORK: what dotnet run starts.
        var framework = new DirectoryInfo(Path.TrimEndingDirectorySeparator(location));
        if (framework.Parent is not { Parent: { Name: "bin", Parent: { } project } } configuration || !project.EnumerateFiles("*.csproj").Any())
        {
            return "distill";
        }

        string relative = Path.GetRelativePath(current, project.FullName);
        return $"dotnet run -c {configuration.Name} --project {Commands.RunCommand.Quote(relative.StartsWith("..", StringComparison.Ordinal) ? project.FullName : relative)} --";
    }
}
