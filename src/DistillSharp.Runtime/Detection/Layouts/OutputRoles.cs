using System.Globalization;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Runtime.Detection.Layouts;

/// <summary>
/// Tells which output is which: by the options, otherwise by shapes, then by element types, then by names. What is left ambiguous is refused, never guessed.
/// </summary>
/// <param name="outputs">A model's first answer.</param>
/// <param name="options">What its user says of it.</param>
/// <param name="classCount">The classes it is said to tell apart; null where nobody says.</param>
/// <param name="pictures">How many pictures it was given.</param>
/// <param name="refusal">Says what is wrong.</param>
internal sealed class OutputRoles(IReadOnlyList<OutputTensor> outputs, BoxDetectorOptions options, int? classCount, int pictures, LayoutRefusal refusal)
{
    /// <summary>Tells the roles.</summary>
    /// <exception cref="DataException">They cannot be told.</exception>
    public BoxOutputs Find()
    {
        foreach (var (option, name) in new[] { (nameof(options.Boxes), options.Boxes), (nameof(options.Scores), options.Scores), (nameof(options.Labels), options.Labels) })
        {
            if (name is not null && outputs.All(one => one.Name != name))
            {
                throw refusal.Because($"The option {option} names the output '{name}', which the model does not give as numbers of at most three axes.");
            }
        }

        if (BoxesAlone() is not { } boxes)
        {
            return new SingleOutput(outputs, options, classCount, pictures, refusal).Find();
        }

        bool batched = boxes.Shape.Length == 3;
        bool across = IsAcross(boxes);
        int places = (int)boxes.Shape[across ? ^1 : ^2];
        OutputTensor[] others = [.. outputs.Where(one => one != boxes)];
        OutputTensor[] counts = [.. others.Where(one => OutputWords.SayCounts(one.Name) && IsCount(one, batched))];
        OutputTensor[] flat = [.. others.Except(counts).Where(one => IsOfPlaces(one, batched, places, 1) || (batched && places > 1 && one.Shape is [_, 1, var last] && IsOf(one, last, places)))];
        Wide[] rows = [.. others.Where(one => !one.IsWhole && IsOfPlaces(one, batched, places, null)).Select(one => new Wide(one, (int)one.Shape[^1], false))];

        // Four numbers a place may be boxes as well, unless their name says what they are.
        Wide[] columns = [.. others.Where(one => batched && !one.IsWhole && one.Shape is [_, > 1 and var width, var last] && IsOf(one, last, places) && (width != 4 || OutputWords.SayScores(one.Name))).Select(one => new Wide(one, (int)one.Shape[1], true))];
        var wide = across ? Choose(columns, rows, flat) : Choose(rows, columns, flat);
        var found = Labelled(boxes, flat, wide) ?? Scored(boxes, flat, wide);
        var count = counts.FirstOrDefault() ?? others.FirstOrDefault(one => one.IsWhole && IsCount(one, batched) && one.Name != found.Labels && one.Name != found.Scores);
        return found with { IsBatched = batched, BoxesAcross = across, Counts = count?.Name };
    }

    /// <summary>Outputs with scores of each class: those that are named, those that fit the classes, those that lie as the boxes do.</summary>
    private Wide[] Choose(Wide[] likely, Wide[] others, OutputTensor[] flat)
    {
        bool Fits(Wide one) => one.Columns == classCount || one.Columns == classCount + 1;
        if (options.Scores is { } told)
        {
            return [.. likely.Concat(others).Where(one => one.Output.Name == told).Take(1)];
        }

        return classCount is null ? likely.Length > 0 ? likely : others
            : likely.Any(Fits) ? likely
            : classCount == 1 && flat.Any(one => !one.IsWhole) ? []
            : others.Any(Fits) ? others
            : likely.Length > 0 ? likely : others;
    }

    /// <summary>The output that holds boxes and nothing else; null where none has four numbers a place.</summary>
    private OutputTensor? BoxesAlone()
    {
        // A picture of four places: all there is are their boxes and the scores of the classes that are named.
        if (outputs is [{ Shape: [_, var rows, 4] }] && options.Boxes is null && rows == 4 + classCount)
        {
            return null;
        }

        OutputTensor[] candidates = [.. outputs.Where(one => options.Boxes is null ? one.Name != options.Scores && one.Name != options.Labels && IsBoxes(one) : one.Name == options.Boxes && IsBoxes(one))];

        // Number by number only by name, and where no other output has the name or is an answer of its own.
        if (!candidates.Any(one => one.Shape.Length == 3 && (options.Boxes is not null || OutputWords.SayBoxes(one.Name)))
            && outputs.Where(one => IsAcross(one) && (options.Boxes is { } told ? one.Name == told : OutputWords.SayBoxes(one.Name) && one.Name != options.Scores && !outputs.Any(other => IsAnswer(other, one.Shape[2])))).ToArray() is { Length: > 0 } across)
        {
            candidates = across;
        }

        // Beside boxes of a batch, four numbers in one row are the scores or labels of four places.
        candidates = candidates.Any(one => one.Shape.Length == 3) ? [.. candidates.Where(one => one.Shape.Length == 3)] : candidates;
        if (candidates.Length > 1 && candidates.Where(one => OutputWords.SayBoxes(one.Name)).ToArray() is { Length: 1 } named)
        {
            return named[0];
        }

        return candidates.Length <= 1 ? candidates.FirstOrDefault()
            : throw refusal.Because($"{candidates.Length} outputs could be the boxes: {string.Join(", ", candidates.Select(one => $"'{one.Name}'"))}.");
    }

    private BoxOutputs? Labelled(OutputTensor boxes, OutputTensor[] flat, Wide[] wide)
    {
        if (flat.Length < 2 && options.Labels is null)
        {
            return null;
        }

        if (options.Scores is not null && options.Labels is null && wide.Any(one => one.Output.Name == options.Scores) && flat.All(one => one.Name != options.Scores))
        {
            return null;
        }

        OutputTensor[] spare = [.. flat.Where(one => one.Name != options.Scores)];
        var labels = options.Labels is { } told ? flat.FirstOrDefault(one => one.Name == told) : TellLabels(spare);
        OutputTensor[] rest = [.. flat.Where(one => one != labels && !one.IsWhole && (options.Scores is null || one.Name == options.Scores))];
        var scores = rest.Length > 1 ? Only(rest.Where(one => OutputWords.SayScores(one.Name))) : Only(rest);
        return labels is not null && scores is not null ? new(PlaceForm.Labelled, boxes.Name, scores.Name) { Labels = labels.Name }
            : throw refusal.Because($"The boxes '{boxes.Name}' were found, but which outputs hold one score and one label for each of them could not be told.");
    }

    private BoxOutputs Scored(OutputTensor boxes, OutputTensor[] flat, Wide[] wide)
    {
        var candidates = wide;
        if (candidates.Length > 1)
        {
            candidates = [.. candidates.Where(one => classCount is not { } classes || one.Columns == classes || one.Columns == classes + 1)];
            candidates = candidates.Length > 1 ? [.. candidates.Where(one => OutputWords.SayScores(one.Output.Name))] : candidates;
        }

        if (candidates.Length == 0 && Only(flat.Where(one => !one.IsWhole && (options.Scores is null || one.Name == options.Scores))) is { } alone && classCount == 1)
        {
            return new(PlaceForm.Scored, boxes.Name, alone.Name);
        }

        if (Only(candidates) is not var (scores, columns, turned) || (turned && boxes.Shape is [_, 4, 4]))
        {
            throw refusal.Because($"The boxes '{boxes.Name}' were found, but no single output that holds the scores of each class{(classCount is { } told ? string.Create(CultureInfo.InvariantCulture, $" ({told} by name)") : "")} for each of them.");
        }

        // A score that is not used would be lost silently: an objectness, perhaps.
        if (options.Scores is null && flat.FirstOrDefault(one => one != scores && !one.IsWhole && !OutputWords.SayLabels(one.Name)) is { } unused)
        {
            throw refusal.Because($"The boxes '{boxes.Name}' and the scores '{scores.Name}' were found, but '{unused.Name}' could be scores too.");
        }

        return classCount is null || columns == classCount || columns == classCount + 1
            ? new(PlaceForm.Scored, boxes.Name, scores.Name) { Columns = columns, ScoresAcross = turned, HasNoObject = columns == classCount + 1 }
            : throw refusal.Because(string.Create(CultureInfo.InvariantCulture, $"The scores '{scores.Name}' tell {columns} classes apart, but {classCount} are named."));
    }

    /// <summary>The labels among outputs of one number a place: the one of whole numbers by type, then by name, then by value.</summary>
    private static OutputTensor? TellLabels(OutputTensor[] flat)
    {
        OutputTensor[] whole = [.. flat.Where(one => one.IsWhole)], pool = whole.Length > 0 ? whole : flat;
        if (whole.Length == 1)
        {
            return whole[0];
        }

        return Only(pool.Where(one => OutputWords.SayLabels(one.Name)))
            ?? (pool.Length == 2 && Only(pool.Where(one => OutputWords.SayScores(one.Name))) is { } scores ? Only(pool.Where(one => one != scores)) : null)
            ?? (pool.Any(one => !HoldsWhole(one)) ? Only(pool.Where(HoldsWhole)) : null);
    }

    private static T? Only<T>(IEnumerable<T> candidates)
        where T : class => candidates.Take(2).ToArray() is [var one] ? one : null;

    private static bool HoldsWhole(OutputTensor output) => output.Values.Length > 0 && output.Values.All(float.IsInteger);

    private static bool IsOfPlaces(OutputTensor output, bool batched, int places, int? columns)
    {
        var shape = batched ? output.Shape.AsSpan(Math.Min(1, output.Shape.Length)) : output.Shape;
        return output.Shape.Length == shape.Length + (batched ? 1 : 0)
            && (shape is [var rows] ? columns == 1 && rows == places : shape is [var lines, var width] && lines == places && (columns is null ? width > 0 : width == columns));
    }

    private bool IsCount(OutputTensor output, bool batched) => batched ? output.Shape is [_] or [_, 1] && output.Shape[0] == pictures : output.Values.Length == 1;

    private bool IsOf(OutputTensor output, long last, int places) => output.Shape[0] == pictures && last == places;

    /// <summary>Whether an output tells boxes and classes of some places by itself, so that boxes beside it are what it was made from.</summary>
    private bool IsAnswer(OutputTensor output, long places) => !output.IsWhole && output.Shape is [_, var rows, var columns]
        && ((columns == places && IsWidth(rows)) || (rows == places && IsWidth(columns)));

    private bool IsWidth(long numbers) => numbers == 4 + classCount || numbers == 5 + classCount;

    /// <summary>Four numbers for each of some places, number by number.</summary>
    private bool IsAcross(OutputTensor output) => !output.IsWhole && output.Shape is [var batch, 4, not 4] && batch == pictures;

    /// <summary>Four numbers a place; where they are all that a model gives of one picture, they are four classes' scores.</summary>
    private bool IsBoxes(OutputTensor output) => !output.IsWhole && (output.Shape is [var batch, _, 4] ? batch == pictures : output.Shape is [_, 4] && pictures == 1 && outputs.Count > 1);

    /// <summary>An output with several numbers for each place.</summary>
    /// <param name="Output">The output.</param>
    /// <param name="Columns">How many.</param>
    /// <param name="Across">Whether the places are its last axis.</param>
    private sealed record Wide(OutputTensor Output, int Columns, bool Across);
}
