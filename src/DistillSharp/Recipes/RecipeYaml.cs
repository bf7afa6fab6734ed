using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace DistillSharp.Recipes;

/// <summary>Reads YAML that may be hostile: whatever it holds, the answer is a tree or a <see cref="YamlException"/>.</summary>
internal static class RecipeYaml
{
    private const int MaxDepth = 20;

    /// <summary>Reads all documents of a text.</summary>
    /// <exception cref="YamlException">It is no YAML, nests deeper than a recipe does, or uses aliases.</exception>
    public static YamlStream Load(string text)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            Guard(parser);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            // The YAML library's own answer to some broken texts.
            var place = parser.Current?.Start ?? new Mark(0, 1, 1);
            throw new YamlException(place, place, error.Message, error);
        }
    }

    /// <summary>Refuses what could grow or nest without bound before any tree is built.</summary>
    private static void Guard(Parser parser)
    {
        int depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaxDepth)
            {
                throw new YamlException(parser.Current.Start, parser.Current.End, $"more than {MaxDepth} levels.");
            }

            if (parser.Current is AnchorAlias)
            {
                throw new YamlException(parser.Current.Start, parser.Current.End, "aliases (*name) are not allowed in a recipe; write the value out.");
            }
        }
    }
}
