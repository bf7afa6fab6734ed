using System.Globalization;

namespace DistillSharp.Graph.Zoo;

/// <summary>
/// The order of a YOLO11 checkpoint: layers by number, and in each the order in which its modules were registered, which is not the order in which
/// they run. Optimiser states in checkpoints go by it.
/// </summary>
internal static class Yolo11WeightOrder
{
    private static readonly string[] s_order =
        ["conv", "bn", "cv1", "cv2", "cv3", "m", "dfl", "attn", "ffn", "qkv", "proj", "pe", "weight", "bias", "running_mean", "running_var"];

    /// <summary>Sorts the weights; constants of the graph come after them.</summary>
    /// <param name="graph">The graph; its initialisers are put in order.</param>
    public static void Apply(ModelGraph graph)
    {
        var initializers = graph.Initializers;
        foreach (var initializer in initializers)
        {
            graph.RemoveInitializer(initializer.Name);
        }

        foreach (var initializer in initializers.Where(IsWeight).OrderBy(initializer => Place(initializer.Name), StringComparer.Ordinal).Concat(initializers.Where(one => !IsWeight(one))))
        {
            graph.Add(initializer);
        }
    }

    private static bool IsWeight(Initializer initializer) => initializer.Initialization is not null || initializer.Name.EndsWith(".weight", StringComparison.Ordinal);

    /// <summary>A text that sorts as the name should: every segment as a number of four digits.</summary>
    private static string Place(string name) => string.Join('.', name.Split('.').Select(segment =>
        (int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : Math.Max(0, Array.IndexOf(s_order, segment))).ToString("D4", CultureInfo.InvariantCulture)));
}
