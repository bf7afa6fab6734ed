using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DistillSharp.Recipes;

/// <summary>Knows which text every node of a recipe came from, and collects the mistakes.</summary>
internal sealed class RecipeSource
{
    private readonly List<RecipeProblem> _problems = [];
    private readonly Dictionary<YamlNode, string> _overrides = new(ReferenceEqualityComparer.Instance);
    private readonly string _name;
    private readonly string[] _lines;

    public RecipeSource(string name, string text) => (_name, _lines) = (name, text.Split('\n'));

    public IReadOnlyList<RecipeProblem> Problems => _problems;

    /// <summary>Notes that a node came from an override and not from the file.</summary>
    public void Mark(YamlNode node, string text)
    {
        foreach (var one in node.AllNodes)
        {
            _overrides[one] = text;
        }
    }

    public void Report(YamlNode node, string message)
    {
        if (_overrides.TryGetValue(node, out string? text))
        {
            _problems.Add(new("--set", 0, 1, text.Length, message, text));
        }
        else
        {
            long length = node is YamlScalarNode ? node.End.Column - node.Start.Column : 1;
            Report(node.Start, (int)Math.Max(1, length), message);
        }
    }

    public void Report(Mark start, int length, string message)
    {
        int line = (int)start.Line;
        _problems.Add(new(_name, line, (int)start.Column, length, message, line >= 1 && line <= _lines.Length ? _lines[line - 1].TrimEnd('\r') : ""));
    }

    public void Report(string text, string message) => _problems.Add(new("--set", 0, 1, text.Length, message, text));

    public void ThrowIfAny()
    {
        if (_problems.Count > 0)
        {
            throw new RecipeException([.. _problems.OrderBy(problem => problem.Line == 0).ThenBy(problem => problem.Line).ThenBy(problem => problem.Column)]);
        }
    }
}
