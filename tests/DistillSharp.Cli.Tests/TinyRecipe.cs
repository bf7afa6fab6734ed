using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests;

/// <summary>A recipe that is run in a moment: one small model alone, on one thread, without a profile.</summary>
internal static class TinyRecipe
{
    public static string Write(TemporaryFolder folder, int epochs, string? data = null)
    {
        data ??= $"{{set: mnist, root: \"{new TinyIdx().Write(folder)}\", download: false}}";
        return folder.Write("tiny.yaml", $$"""
            name: tiny
            threads: 1
            data: {{data}}
            student:
              model:
                mlp: {widths: [8]}
            training:
              epochs: {{epochs}}
              batch: 16
            evaluation: {profile: false}
            """);
    }
}
