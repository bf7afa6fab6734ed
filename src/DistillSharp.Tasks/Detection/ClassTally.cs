using System.Globalization;

namespace DistillSharp.Tasks.Detection;

/// <summary>Boxes counted by class in words: <c>4 persons, 1 bus</c>.</summary>
public static class ClassTally
{
    /// <summary>Counts boxes by class, by rising class number.</summary>
    /// <param name="boxes">The boxes.</param>
    /// <param name="nameOf">The name of a 0-based class.</param>
    /// <returns>The words; <c>nothing found</c> for no boxes.</returns>
    public static string Of(IReadOnlyCollection<DetectedBox> boxes, Func<int, string> nameOf)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        ArgumentNullException.ThrowIfNull(nameOf);
        return boxes.Count == 0 ? "nothing found"
            : string.Join(", ", boxes.GroupBy(box => box.ClassIndex).OrderBy(group => group.Key)
                .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} {(group.Count() == 1 ? nameOf(group.Key) : Plural(nameOf(group.Key)))}")));
    }

    private static string Plural(string name) => name.EndsWith('s') || name.EndsWith('x') || name.EndsWith("ch", StringComparison.Ordinal) || name.EndsWith("sh", StringComparison.Ordinal) ? name + "es" : name + "s";
}
