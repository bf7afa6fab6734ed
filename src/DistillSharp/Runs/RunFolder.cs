namespace DistillSharp.Runs;

/// <summary>The folder that holds everything a run made.</summary>
public sealed class RunFolder
{
    private RunFolder(string path) => Location = path;

    /// <summary>The folder's full path.</summary>
    public string Location { get; }

    /// <summary>The resolved recipe, which is itself runnable.</summary>
    public string Recipe => Path.Combine(Location, "recipe.yaml");

    /// <summary>The page to read.</summary>
    public string HtmlReport => Path.Combine(Location, "report.html");

    /// <summary>The same as data.</summary>
    public string JsonReport => Path.Combine(Location, "report.json");

    /// <summary>The first test image, to try a model on.</summary>
    public string Example => Path.Combine(Location, "example.png");

    /// <summary>Makes or opens a run's folder, and proves that it can be written to.</summary>
    /// <param name="path">The folder; null for <c>runs/NAME</c>, numbered where that exists.</param>
    /// <param name="name">The run's name.</param>
    /// <param name="resume">Whether it goes on with what is there.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="IOException">It cannot be written to, or already holds a run.</exception>
    public static RunFolder Open(string? path, string name, bool resume)
    {
        string location = Path.GetFullPath(path ?? Free(Path.Combine("runs", name)));
        if (resume && !File.Exists(Path.Combine(location, "recipe.yaml")))
        {
            throw new IOException($"'{location}' holds no run to go on with: it has no recipe.yaml.");
        }

        if (!resume && File.Exists(Path.Combine(location, "recipe.yaml")))
        {
            throw new IOException($"'{location}' already holds a run. Go on with it (--resume), or choose another folder (--out).");
        }

        try
        {
            Directory.CreateDirectory(location);
            string probe = Path.Combine(location, ".probe");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new IOException($"The output folder '{location}' cannot be written to: {error.Message} Choose another with --out.", error);
        }

        return new(location);
    }

    /// <summary>The folder of one stage of one seed: <c>seed-0/teacher</c>.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="stage">The stage.</param>
    public string Stage(long seed, string stage) => Path.Combine(Location, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"seed-{seed}"), stage);

    /// <summary>Writes a file whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">Its text.</param>
    public static void WriteWhole(string path, string text)
    {
        string temporary = path + ".tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static string Free(string wanted)
    {
        string path = wanted;
        for (int i = 2; Directory.Exists(path); i++)
        {
            path = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{wanted}-{i}");
        }

        return path;
    }
}
