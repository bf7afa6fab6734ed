namespace DistillSharp.Runtime;

/// <summary>Batches for a model whose file fixes another batch size: cut into pieces of that size, the last one filled up with zeros.</summary>
internal static class FixedBatch
{
    /// <summary>Runs a batch piece by piece.</summary>
    /// <param name="input">The batch's elements.</param>
    /// <param name="shape">The batch's shape.</param>
    /// <param name="piece">The size that the file fixes.</param>
    /// <param name="run">Runs one piece.</param>
    /// <returns>The answers of the whole batch; null where they are not one row a sample, so that they cannot be put together.</returns>
    public static (float[] Values, long[] Shape)? Run(
        ReadOnlyMemory<float> input, ReadOnlySpan<long> shape, int piece, Func<ReadOnlyMemory<float>, long[], (float[] Values, long[] Shape)> run)
    {
        int count = checked((int)shape[0]), length = input.Length / count;
        long[] pieceShape = [piece, .. shape[1..]];
        var answers = new List<float>();
        long[] answerShape = [];
        for (int start = 0; start < count; start += piece)
        {
            int filled = Math.Min(piece, count - start);
            var part = input.Slice(start * length, filled * length);
            if (filled < piece)
            {
                float[] padded = new float[piece * length];
                part.CopyTo(padded);
                part = padded;
            }

            (float[] values, answerShape) = run(part, pieceShape);
            if (answerShape is not [var rows, ..] || rows != piece)
            {
                return null;
            }

            answers.AddRange(values.AsSpan(0, values.Length / piece * filled));
        }

        return ([.. answers], [count, .. answerShape.Skip(1)]);
    }
}
