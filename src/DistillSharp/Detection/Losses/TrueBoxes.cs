using static TorchSharp.torch;

namespace DistillSharp.Detection.Losses;

/// <summary>The true boxes of a batch, checked.</summary>
internal sealed class TrueBoxes
{
    private const int Plain = 6;

    private TrueBoxes(IReadOnlyList<TrueBox> all, IReadOnlyList<(int, int)> rows, int pictures)
    {
        All = all;
        ScoreRows = rows;
        var byPicture = new List<int>[pictures];
        for (int i = 0; i < pictures; i++)
        {
            byPicture[i] = [];
        }

        for (int i = 0; i < all.Count; i++)
        {
            byPicture[all[i].Picture].Add(i);
        }

        ByPicture = byPicture;
    }

    /// <summary>The boxes, in the targets' order.</summary>
    public IReadOnlyList<TrueBox> All { get; }

    /// <summary>The numbers of each picture's boxes, in the targets' order.</summary>
    public IReadOnlyList<IReadOnlyList<int>> ByPicture { get; }

    /// <summary>The pairs of picture and class that occur: boxes of one class in one picture share the scores.</summary>
    public IReadOnlyList<(int Picture, int Class)> ScoreRows { get; }

    /// <summary>Reads the targets.</summary>
    /// <param name="targets"><c>[T, 6]</c>: picture, class, then centre and extent as shares of the input's width and height; or <c>[T, 7]</c> with how much each box counts.</param>
    /// <param name="pictures">How many pictures the batch has.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="size">Rows and columns of the input.</param>
    /// <param name="single">Whether edges are rounded to float32 as they are computed, so that an anchor on an edge is judged as in float32 training.</param>
    /// <exception cref="ArgumentException">The shape is another, or a row holds what cannot be; the message names the row.</exception>
    public static TrueBoxes Read(Tensor targets, int pictures, int classes, (int Height, int Width) size, bool single)
    {
        if (targets.dim() != 2 || targets.shape[1] is not (Plain or Plain + 1))
        {
            throw new ArgumentException($"The targets have the shape [{string.Join(", ", targets.shape)}] instead of [T, 6]: picture, class, x, y, width, height in each row; a seventh column says how much a box counts.", nameof(targets));
        }

        int width = (int)targets.shape[1];
        double[] values = TensorNumbers.Of(targets);
        var boxes = new TrueBox[values.Length / width];
        var rows = new List<(int, int)>();
        var numbers = new Dictionary<(int, int), int>();
        for (int i = 0; i < boxes.Length; i++)
        {
            var row = values.AsSpan(i * width, width);
            var key = (Index(row[0], pictures, i, "picture"), Index(row[1], classes, i, "class"));
            if (!double.IsFinite(row[2] + row[3] + row[4] + row[5]) || row[4] < 0 || row[5] < 0)
            {
                throw new ArgumentException($"Row {i} of the targets holds the box ({row[2]}, {row[3]}, {row[4]}, {row[5]}). Centre and extent must be finite numbers, the extent 0 or more.", nameof(targets));
            }

            double weight = width > Plain ? row[Plain] : 1;
            if (!(weight >= 0 && weight <= 1))
            {
                throw new ArgumentException($"Row {i} of the targets says that its box counts {weight}; a number from 0 to 1 was expected.", nameof(targets));
            }

            if (!numbers.TryGetValue(key, out int scoreRow))
            {
                numbers.Add(key, scoreRow = rows.Count);
                rows.Add(key);
            }

            var (left, right) = Edges(row[2], row[4], size.Width, single);
            var (top, bottom) = Edges(row[3], row[5], size.Height, single);
            boxes[i] = new(key.Item1, key.Item2, scoreRow, left, top, right, bottom) { Weight = weight };
        }

        return new(boxes, rows, pictures);
    }

    private static int Index(double value, int count, int row, string what) =>
        value >= 0 && value < count && value == Math.Floor(value)
            ? (int)value
            : throw new ArgumentException($"Row {row} of the targets names {what} {value}, but there are {count}: a whole number from 0 to {count - 1} was expected.");

    private static (double Low, double High) Edges(double centre, double extent, int size, bool single)
    {
        if (!single)
        {
            return ((centre * size) - (extent * size / 2), (centre * size) + (extent * size / 2));
        }

        float middle = (float)centre * size, half = (float)extent * size / 2;
        return (middle - half, middle + half);
    }
}
