using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Detection.Data;

/// <summary>The boxes of some classes only, numbered anew from 0 in the order given. Pictures without such a box stay, as background.</summary>
public sealed class ClassFilter : IDetectionSource
{
    private readonly IDetectionSource _source;
    private readonly Dictionary<int, int> _numbers = [];

    /// <summary>Chooses classes.</summary>
    /// <param name="source">The pictures.</param>
    /// <param name="classes">The 0-based classes to keep, one or more, each once: the first becomes class 0.</param>
    public ClassFilter(IDetectionSource source, IReadOnlyList<int> classes)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(classes);
        if (classes.Count == 0)
        {
            throw new ArgumentException("No class is chosen. Name one or more.", nameof(classes));
        }

        foreach (int one in classes)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(one, nameof(classes));
            if (!_numbers.TryAdd(one, _numbers.Count))
            {
                throw new ArgumentException($"Class {one} is chosen twice. Name each class once.", nameof(classes));
            }
        }

        _source = source;
    }

    /// <inheritdoc/>
    public int Count => _source.Count;

    /// <summary>The same set with some of its classes, chosen by name, in all its parts.</summary>
    /// <param name="data">The set.</param>
    /// <param name="classNames">The names of the classes to keep, each once: the first becomes class 0. Case counts.</param>
    /// <exception cref="ArgumentException">A name is not the set's, stands twice, or none is given; the message lists the names that the set has.</exception>
    /// <exception cref="DataException">No training or no validation picture has a box of these classes.</exception>
    public static DetectionDataset ByName(DetectionDataset data, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(classNames);
        int[] classes = [.. classNames.Select(name => Find(data, name))];
        List<string> remarks = [.. data.Remarks];
        var train = Filter(data, "training", data.Train, classes, remarks);
        var validation = ReferenceEquals(data.Train, data.Validation) ? train : Filter(data, "validation", data.Validation, classes, remarks);
        var test = data.Test is null ? null : new ClassFilter(data.Test, classes);
        if (test is not null && BoxedPictures(test) == 0)
        {
            remarks.Add($"{data.Name}: the test pictures have no box of {string.Join(", ", classNames)} and are left out");
            test = null;
        }

        return new(data.Name, [.. classNames], train, validation) { Test = test, Remarks = remarks };
    }

    /// <inheritdoc/>
    public string Describe(int index) => _source.Describe(index);

    /// <inheritdoc/>
    public (int Width, int Height) SizeOf(int index) => _source.SizeOf(index);

    /// <inheritdoc/>
    public IReadOnlyList<BoxLabel> LabelsOf(int index) =>
        [.. _source.LabelsOf(index).Where(label => _numbers.ContainsKey(label.ClassIndex)).Select(label => label with { ClassIndex = _numbers[label.ClassIndex] })];

    /// <inheritdoc/>
    public PixelImage Read(int index) => _source.Read(index);

    private static int Find(DetectionDataset data, string name)
    {
        int[] found = [.. data.ClassNames.Index().Where(known => known.Item == name).Select(known => known.Index)];
        return found.Length switch
        {
            1 => found[0],
            0 => throw new ArgumentException($"'{name}' is none of the {data.ClassNames.Count:N0} classes of '{data.Name}'. It has {string.Join(", ", data.ClassNames)}. Upper and lower case count."),
            _ => throw new ArgumentException($"{found.Length} classes of '{data.Name}' are called '{name}': {string.Join(", ", found)}. Choose by number, or give them names of their own."),
        };
    }

    private static ClassFilter Filter(DetectionDataset data, string part, IDetectionSource source, int[] classes, List<string> remarks)
    {
        var filter = new ClassFilter(source, classes);
        int boxed = BoxedPictures(filter);
        string names = string.Join(", ", classes.Select(index => data.ClassNames[index]));
        if (boxed == 0)
        {
            throw new DataException($"{data.Name}: none of {source.Count:N0} {part} pictures has a box of {names}. Choose classes that occur in them.");
        }

        remarks.Add($"{data.Name}: {classes.Length:N0} of {data.ClassNames.Count:N0} classes kept ({names}); {source.Count - boxed:N0} of {source.Count:N0} {part} pictures are background");
        return filter;
    }

    private static int BoxedPictures(ClassFilter filter) => Enumerable.Range(0, filter.Count).Count(index => filter.LabelsOf(index).Count > 0);
}
