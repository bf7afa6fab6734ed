namespace DistillSharp.Runtime.Detection.Layouts;

/// <summary>What the name of an output says of it.</summary>
internal static class OutputWords
{
    private static readonly string[] s_box = ["box", "coord"], s_score = ["score", "conf", "prob", "logit"], s_label = ["label", "class", "cls", "categor"], s_count = ["num", "count", "valid"];

    /// <summary>Whether it speaks of boxes.</summary>
    public static bool SayBoxes(string name) => Holds(name, s_box) && !Holds(name, s_count);

    /// <summary>Whether it speaks of scores.</summary>
    public static bool SayScores(string name) => Holds(name, s_score);

    /// <summary>Whether it speaks of classes and not of their scores.</summary>
    public static bool SayLabels(string name) => Holds(name, s_label) && !SayScores(name);

    /// <summary>Whether it speaks of how many there are.</summary>
    public static bool SayCounts(string name) => Holds(name, s_count);

    private static bool Holds(string name, string[] words) => words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
