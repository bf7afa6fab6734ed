using System.Globalization;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks;

/// <summary>
/// Which of a model's outputs is which class of the data, by name: the same name first, then one that differs in case or in <c>_</c>, <c>-</c> and spaces alone. Two lists of the same
/// names may be in different orders, so numbers are compared only where the names tell nothing.
/// </summary>
public sealed class ClassOrder
{
    private const int MostNamed = 10;

    private ClassOrder(int[] fromModel, string? note, bool isGuess) => (FromModel, Note, IsGuess) = (fromModel, note, isGuess);

    /// <summary>The model's 0-based class of each class of the data.</summary>
    public IReadOnlyList<int> FromModel { get; }

    /// <summary>Whether the model has the data's order, so that nothing need be changed.</summary>
    public bool IsIdentity => FromModel.Index().All(pair => pair.Item == pair.Index);

    /// <summary>What is worth printing, in sentences; null where the names agree, order included, or where there are none to compare.</summary>
    public string? Note { get; }

    /// <summary>Whether classes are matched by number, because the model names others than the data; <see cref="Note"/> is then a warning.</summary>
    public bool IsGuess { get; }

    /// <summary>Matches a model's classes with the data's, where they are the same ones.</summary>
    /// <param name="model">The class names of the model, by its own 0-based class; null where it has none, so that the numbers are taken.</param>
    /// <param name="data">The data's class names, by 0-based class.</param>
    /// <param name="who">What messages call the model: <c>The teacher</c>, or its file.</param>
    /// <returns>The order; null where a name of one list is not in the other.</returns>
    public static ClassOrder? Same(IReadOnlyList<string>? model, IReadOnlyList<string> data, string who)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (model is null || model.SequenceEqual(data, StringComparer.Ordinal))
        {
            return new([.. Enumerable.Range(0, data.Count)], null, isGuess: false);
        }

        int[] order = model.Count == data.Count ? Match(model, data) : [-1];
        return order.Contains(-1) ? null
            : new(order, order.Index().All(pair => pair.Item == pair.Index) ? null : $"{who} lists the data's classes in another order ({Moves(order, data)}): its outputs are put in the data's order by name", isGuess: false);
    }

    /// <summary>Matches a model's classes with the data's. Where no name is in both lists, they are matched by number, with a warning.</summary>
    /// <param name="model">The class names of the model, by its own 0-based class; null where it has none, so that the numbers are taken.</param>
    /// <param name="data">The data's class names, by 0-based class.</param>
    /// <param name="who">What messages call the model: <c>The teacher</c>, or its file.</param>
    /// <exception cref="DataException">The model has more or fewer classes than the data, or only some of them.</exception>
    public static ClassOrder Of(IReadOnlyList<string>? model, IReadOnlyList<string> data, string who)
    {
        if (Same(model, data, who) is { } same)
        {
            return same;
        }

        if (model!.Count != data.Count)
        {
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture,
                $"The model tells {model.Count} classes apart, but the data has {data.Count}. The card of {who} names {Names(model)}; the data names {Names(data)}. Use a model that was trained on these classes, or data whose classes are the model's."));
        }

        int[] order = Match(model, data);
        return Array.TrueForAll(order, own => own < 0)
            ? new(
                [.. Enumerable.Range(0, data.Count)],
                $"{who} names other classes than the data: {Differences(model, data)}. They are compared by number; if that is right, write the data's names into the model's card with distill convert FILE --names FILE --out FILE",
                isGuess: true)
            : throw new DataException(
                $"{who} names other classes than the data: it has no {Names([.. data.Where((_, label) => order[label] < 0)])}, but {Names([.. model.Where((_, label) => !order.Contains(label))])}. "
                + "Use a model that was trained on these classes, or write the right names into its card with distill convert FILE --names FILE --out FILE.");
    }

    /// <summary>The classes that two lists number differently, in words.</summary>
    /// <param name="model">The model's class names.</param>
    /// <param name="data">The data's, as many.</param>
    public static string Differences(IReadOnlyList<string> model, IReadOnlyList<string> data)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        return Listed([.. data.Zip(model).Index().Where(pair => pair.Item.First != pair.Item.Second).Select(pair => string.Create(CultureInfo.InvariantCulture, $"class {pair.Index} is '{pair.Item.Second}' and not '{pair.Item.First}'"))]);
    }

    /// <summary>Puts rows of scores into the data's order.</summary>
    /// <param name="scores">One number for each class, row by row; changed in place.</param>
    /// <exception cref="ArgumentException">They are no whole number of rows.</exception>
    public void Apply(Span<float> scores)
    {
        if (scores.Length % FromModel.Count != 0)
        {
            throw new ArgumentException($"{scores.Length} scores are not whole rows of {FromModel.Count} classes.", nameof(scores));
        }

        float[] row = new float[FromModel.Count];
        for (int start = 0; start < scores.Length; start += row.Length)
        {
            var here = scores.Slice(start, row.Length);
            here.CopyTo(row);
            for (int label = 0; label < row.Length; label++)
            {
                here[label] = row[FromModel[label]];
            }
        }
    }

    /// <summary>A name without what may differ between two spellings of it.</summary>
    internal static string Loose(string name) => name.Trim().Replace('_', ' ').Replace('-', ' ').ToUpperInvariant();

    private static int[] Match(IReadOnlyList<string> model, IReadOnlyList<string> data)
    {
        int[] order = [.. Enumerable.Repeat(-1, data.Count)];
        bool[] taken = new bool[model.Count];
        foreach (Func<string, string> spelling in new Func<string, string>[] { name => name, Loose })
        {
            var places = model.Index().Where(pair => !taken[pair.Index]).GroupBy(pair => spelling(pair.Item), StringComparer.Ordinal).ToDictionary(group => group.Key, group => new Queue<int>(group.Select(pair => pair.Index)), StringComparer.Ordinal);
            for (int label = 0; label < order.Length; label++)
            {
                if (order[label] < 0 && places.TryGetValue(spelling(data[label]), out var found) && found.TryDequeue(out int own))
                {
                    (order[label], taken[own]) = (own, true);
                }
            }
        }

        return order;
    }

    private static string Moves(int[] order, IReadOnlyList<string> data) =>
        Listed([.. order.Index().Where(pair => pair.Item != pair.Index).Select(pair => string.Create(CultureInfo.InvariantCulture, $"its class {pair.Item} is the data's {pair.Index}, '{data[pair.Index]}'"))]);

    private static string Names(IReadOnlyList<string> names) => Listed([.. names.Select(name => $"'{name}'")]);

    private static string Listed(IReadOnlyList<string> items) => string.Join(", ", items.Take(MostNamed)) + (items.Count > MostNamed ? $" and {items.Count - MostNamed} more" : "");
}
