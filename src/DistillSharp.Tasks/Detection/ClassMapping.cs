using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Detection;

/// <summary>
/// Which class of a teacher is which class of the data, by name: the same name first, then one that differs in case or in <c>_</c>, <c>-</c> and spaces alone
/// (<c>traffic light</c> is <c>Traffic_Light</c>). Numbers are never compared: two lists of 80 names may be in different orders.
/// </summary>
public sealed class ClassMapping
{
    private const int MostNamed = 100;

    private ClassMapping(int[] toData, int[] fromData, IReadOnlyList<string> notes) => (ToData, FromData, Notes) = (toData, fromData, notes);

    /// <summary>The data's 0-based class of each class of the teacher; -1 where the data has none.</summary>
    public int[] ToData { get; }

    /// <summary>The teacher's 0-based class of each class of the data; -1 where the teacher has none.</summary>
    public int[] FromData { get; }

    /// <summary>Whether both have the same classes in the same order, so that nothing need be changed.</summary>
    public bool IsIdentity => ToData.Length == FromData.Length && ToData.Index().All(pair => pair.Item == pair.Index);

    /// <summary>What is worth telling: classes that are ignored, missing, or meant twice; a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Finds the teacher's class for each class of the data.</summary>
    /// <param name="data">The data's class names, by 0-based class.</param>
    /// <param name="teacher">The teacher's class names, by its own 0-based class.</param>
    /// <param name="renamed">The teacher's name of some of the data's names, both as they are written in the lists; null for none. It comes before what the names say.</param>
    /// <param name="allowUnmapped">Whether classes of the data may be left that the teacher does not know; default false.</param>
    /// <returns>The mapping.</returns>
    /// <exception cref="DataException">A class of the data is none of the teacher's, and that is not allowed; no class is; or a renamed name is unknown. All are listed.</exception>
    public static ClassMapping Of(IReadOnlyList<string> data, IReadOnlyList<string> teacher, IReadOnlyDictionary<string, string>? renamed = null, bool allowUnmapped = false)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(teacher);
        renamed ??= new Dictionary<string, string>();
        RequireKnown(data, teacher, renamed);
        int[] toData = new int[teacher.Count], fromData = new int[data.Count];
        Array.Fill(toData, -1);
        Array.Fill(fromData, -1);
        List<string> notes = [];
        string[] looseData = [.. data.Select(ClassOrder.Loose)], looseTeacher = [.. teacher.Select(ClassOrder.Loose)];

        // The surest way first.
        Func<int, int, bool>[] ways =
        [
            (i, j) => renamed.TryGetValue(data[i], out string? told) && told == teacher[j],
            (i, j) => !renamed.ContainsKey(data[i]) && data[i] == teacher[j],
            (i, j) => !renamed.ContainsKey(data[i]) && looseData[i] == looseTeacher[j],
        ];
        foreach (var same in ways)
        {
            for (int i = 0; i < data.Count; i++)
            {
                if (fromData[i] < 0 && Enumerable.Range(0, teacher.Count).FirstOrDefault(j => toData[j] < 0 && same(i, j), -1) is >= 0 and int found)
                {
                    (fromData[i], toData[found]) = (found, i);
                }
            }
        }

        NoteTwins(data, teacher, (i, j) => looseTeacher[j] == looseData[i] || teacher[j] == teacher[fromData[i]], toData, fromData, notes);
        NoteIgnored(teacher, toData, notes);
        string[] unmapped = [.. data.Where((_, i) => fromData[i] < 0)];
        if (unmapped.Length == data.Count || (unmapped.Length > 0 && !allowUnmapped))
        {
            string extent = unmapped.Length == data.Count ? "None of the data's classes is one of the teacher's" : $"{unmapped.Length} of the data's {data.Count} classes are none of the teacher's";
            throw new DataException($"{extent}: {Quoted(unmapped, int.MaxValue)}. The teacher's are {Quoted(teacher, MostNamed)}. Say which of them is meant by each (a data name and the teacher's name for it)"
                + (unmapped.Length == data.Count ? ", or use a teacher that knows these classes." : ", allow classes that this teacher does not teach, or use a teacher that knows them."));
        }

        if (unmapped.Length > 0)
        {
            notes.Add($"The teacher does not know {unmapped.Length} of the data's {data.Count} classes and finds none of their boxes: {Quoted(unmapped, int.MaxValue)}.");
        }

        return new(toData, fromData, notes);
    }

    /// <summary>The mapping of a model that is to be scored, whose classes are the data's in whatever order.</summary>
    /// <param name="order">Which of its classes is which of the data's.</param>
    public static ClassMapping Of(ClassOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        int[] toData = new int[order.FromModel.Count];
        foreach (var (label, own) in order.FromModel.Index())
        {
            toData[own] = label;
        }

        return new(toData, [.. order.FromModel], order.Note is { } note ? [note] : []);
    }

    /// <summary>Turns a teacher's boxes into the data's: classes are renumbered, and boxes of classes that the data does not have are taken out.</summary>
    /// <param name="boxes">The boxes, in the teacher's classes; changed in place, the order stays.</param>
    /// <exception cref="DataException">A box is of a class that the teacher's names do not have.</exception>
    public void Apply(List<DetectedBox> boxes)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        int kept = 0;
        for (int i = 0; i < boxes.Count; i++)
        {
            var box = boxes[i];
            if ((uint)box.ClassIndex >= ToData.Length)
            {
                throw new DataException($"The model found a box of class {box.ClassIndex}, but it has {ToData.Length} names, numbered from 0. Name all its classes in its own order, a background class too where it counts one.");
            }

            if (ToData[box.ClassIndex] is >= 0 and int label)
            {
                boxes[kept++] = box with { ClassIndex = label };
            }
        }

        boxes.RemoveRange(kept, boxes.Count - kept);
    }

    private static void RequireKnown(IReadOnlyList<string> data, IReadOnlyList<string> teacher, IReadOnlyDictionary<string, string> renamed)
    {
        string[] keys = [.. renamed.Keys.Where(name => !data.Contains(name))], values = [.. renamed.Values.Where(name => !teacher.Contains(name))];
        string[] twice = [.. renamed.GroupBy(pair => pair.Value).Where(group => group.Count() > 1).Select(group => group.Key)];
        List<string> complaints = [];
        if (keys.Length > 0)
        {
            complaints.Add($"{Quoted(keys, MostNamed)} {(keys.Length == 1 ? "is no class" : "are no classes")} of the data, whose names are {Quoted(data, MostNamed)}");
        }

        if (values.Length > 0)
        {
            complaints.Add($"{Quoted(values, MostNamed)} {(values.Length == 1 ? "is no class" : "are no classes")} of the teacher, whose names are {Quoted(teacher, MostNamed)}");
        }

        if (twice.Length > 0)
        {
            complaints.Add($"{Quoted(twice, MostNamed)} of the teacher cannot be several classes of the data at once");
        }

        if (complaints.Count > 0)
        {
            throw new DataException($"The renamed classes do not fit: {string.Join("; ", complaints)}. Each is a name of the data and the teacher's name for it, as the lists write them.");
        }
    }

    private static void NoteTwins(IReadOnlyList<string> data, IReadOnlyList<string> teacher, Func<int, int, bool> alike, int[] toData, int[] fromData, List<string> notes)
    {
        for (int i = 0; i < data.Count; i++)
        {
            int[] others = fromData[i] < 0 ? [] : [.. Enumerable.Range(0, teacher.Count).Where(j => toData[j] < 0 && alike(i, j))];
            if (others.Length > 0)
            {
                notes.Add($"The data's class '{data[i]}' is the teacher's class {fromData[i]}, '{teacher[fromData[i]]}'; {string.Join(", ", others.Select(j => $"class {j}, '{teacher[j]}',"))} could be meant too and is ignored.");
            }
        }
    }

    private static void NoteIgnored(IReadOnlyList<string> teacher, int[] toData, List<string> notes)
    {
        string[] ignored = [.. teacher.Where((_, j) => toData[j] < 0)];
        if (ignored.Length > 0)
        {
            notes.Add($"{ignored.Length} of the teacher's {teacher.Count} classes are none of the data's; their boxes are left out: {Quoted(ignored, MostNamed)}.");
        }
    }

    private static string Quoted(IReadOnlyCollection<string> names, int most) =>
        string.Join(", ", names.Take(most).Select(name => $"'{name}'")) + (names.Count > most ? $" and {names.Count - most} more" : "");
}
