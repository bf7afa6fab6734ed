using System.CommandLine;
using System.Runtime.InteropServices;
using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Plugins;
using DistillSharp.Recipes;
using DistillSharp.Tasks.Data;
using DistillSharp.Teachers;
using DistillSharp.Training;

namespace DistillSharp.Cli.Commands;

/// <summary>Runs a command's work: Ctrl-C stops it cleanly, and every expected failure becomes a message and an exit code.</summary>
internal static class CommandRunner
{
    /// <summary>Sets what a command does.</summary>
    /// <param name="command">The command.</param>
    /// <param name="work">Its work; returns the exit code.</param>
    public static void OnRun(this Command command, Func<ParseResult, CancellationToken, int> work) => command.SetAction(parsed => Guard(parsed, work));

    private static int Guard(ParseResult parsed, Func<ParseResult, CancellationToken, int> work)
    {
        using var stop = new CancellationTokenSource();
        void OnSignal(PosixSignalContext context)
        {
            // The first asks for a clean end; a second one ends at once.
            context.Cancel = !stop.IsCancellationRequested;
            if (context.Cancel)
            {
                Console.Error.WriteLine("distill: stopping after this step; once more to stop at once.");
                stop.Cancel();
            }
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        try
        {
            return work(parsed, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return CommandLine.Interrupted;
        }
        catch (RecipeException error)
        {
            Console.Error.WriteLine(error.Message);
            Console.Error.WriteLine($"distill: {error.Problems.Count} {(error.Problems.Count == 1 ? "mistake" : "mistakes")} in the recipe; nothing was run.");
            return CommandLine.WrongUsage;
        }
        catch (Exception error) when (error is UnknownPluginException or ArgumentException)
        {
            return Tell(error.Message.Split(" (Parameter", 2)[0], CommandLine.WrongUsage);
        }
        catch (Exception error) when (error is DataException or GraphException or IOException or UnauthorizedAccessException or WeakTeacherException
            or OperatorNotCoveredException or TrainingDivergedException or TrainingStuckException or DllNotFoundException or InvalidOperationException)
        {
            return Tell(error.Message, CommandLine.Failed);
        }
        catch (Exception error) when (error is ExternalException or OutOfMemoryException)
        {
            // libtorch's messages carry its own stack after the first line.
            return Tell(error.Message.Split('\n')[0], CommandLine.Failed);
        }
        catch (Exception error)
        {
            return Tell($"this should not happen; please report it:\n{error}", CommandLine.Failed);
        }
    }

    private static int Tell(string message, int code)
    {
        Console.Error.WriteLine($"distill: {message}");
        return code;
    }
}
