namespace DistillSharp.Tasks.Native;

/// <summary>A native library that comes as a package of its own, so that a program can lack it or hold another version of it.</summary>
/// <param name="name">Its name in messages, such as <c>SkiaSharp</c>.</param>
/// <param name="purpose">What it is for, such as <c>images</c>.</param>
/// <param name="package">Finds the package that fits; null where the platform has none.</param>
/// <param name="probe">Loads the library: null if it loads and fits, else what is wrong, such as <c>is missing</c>. It does not throw.</param>
public sealed class NativeBackend(string name, string purpose, Func<NativePackage?> package, Func<string?> probe)
{
    private volatile bool _works;

    /// <summary>Its name in messages.</summary>
    public string Name => name;

    /// <summary>What it is for.</summary>
    public string Purpose => purpose;

    /// <summary>The package that fits this program; null where the platform has none.</summary>
    public NativePackage? Package => package();

    /// <summary>Loads the library, and compares its version with the one that is needed. Cheap after the first success.</summary>
    /// <returns>Null if it works, else what is wrong: <c>is missing</c>.</returns>
    public string? Probe()
    {
        if (_works)
        {
            return null;
        }

        string? problem = probe();
        _works = problem is null;
        return problem;
    }

    /// <summary>Loads libraries before any work. If one of them is missing or does not fit, the message lists the packages of all that are, the further ones included.</summary>
    /// <param name="needed">The libraries that the work needs.</param>
    /// <param name="further">Libraries that the program is likely to need later; they fail nothing.</param>
    /// <exception cref="DllNotFoundException">A library is missing or does not fit; the message holds a <c>dotnet add package</c> command for each.</exception>
    public static void Ensure(ReadOnlySpan<NativeBackend> needed, params ReadOnlySpan<NativeBackend> further)
    {
        bool works = true;
        foreach (var backend in needed)
        {
            works &= backend.Probe() is null;
        }

        if (!works)
        {
            throw new DllNotFoundException(Message([.. needed, .. further]));
        }
    }

    /// <summary>What is wrong with some libraries, and the commands that mend it.</summary>
    /// <param name="backends">The libraries; those that work are left out.</param>
    /// <returns>The message, its commands on lines of their own.</returns>
    public static string Message(IReadOnlyList<NativeBackend> backends)
    {
        var faults = backends.Distinct().Select(backend => (Backend: backend, Problem: backend.Probe(), backend.Package)).Where(fault => fault.Problem is not null).ToList();
        var commands = faults.Where(fault => fault.Package is not null).Select(fault => $"\n  {fault.Package!.Command}").ToList();
        string list = string.Join("; ", faults.Select(fault =>
            $"{fault.Backend.Name} ({fault.Backend.Purpose}) {fault.Problem}{(fault.Package is null ? $", and no package of it exists for {NativePackage.Platform}" : "")}"));
        string action = commands.Count == 0 ? "" : $" Run {(commands.Count == 1 ? "this command" : "these commands")} in the program's project folder:{string.Concat(commands)}";
        return $"Native libraries are missing or do not fit: {list}.{action}";
    }
}
