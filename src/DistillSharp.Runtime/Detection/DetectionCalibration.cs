using DistillSharp.Runtime.Calibration;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Runtime.Detection;

/// <summary>Pictures that a detector is calibrated on: letterboxed and normalised as it will see them.</summary>
public static class DetectionCalibration
{
    /// <summary>Draws pictures from training data.</summary>
    /// <param name="training">Training pictures; never those that score.</param>
    /// <param name="size">Rows and columns of the detector's input.</param>
    /// <param name="count">How many are drawn, 1 or more; all if there are fewer.</param>
    /// <param name="seed">The seed of the draw.</param>
    /// <param name="batchSize">The batch that the detector is made for, 1 or more; what does not fill one is left out.</param>
    /// <param name="skipBad">Whether pictures that cannot be read are left out.</param>
    /// <param name="input">The mean and deviation that the detector's card asks for; null (default) for pixels of 0 to 1.</param>
    /// <exception cref="DataException">There are fewer than one batch; or later, a picture cannot be read, and is named.</exception>
    public static CalibrationSet Draw(IDetectionSource training, (int Height, int Width) size, int count, long seed, int batchSize = 1, bool skipBad = false, ImageInput? input = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        int[] order = [.. Enumerable.Range(0, training.Count)];
        var random = new SampleRandom(seed, 0, 0);
        int drawn = Math.Min(count, order.Length) / batchSize * batchSize;
        for (int i = 0; i < drawn; i++)
        {
            int j = i + random.NextInt(order.Length - i);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return CalibrationSet.Streamed(drawn, cancellation => Batches(training, order[..drawn], size, batchSize, skipBad, new(input), cancellation));
    }

    private static IEnumerable<CalibrationBatch> Batches(IDetectionSource training, int[] pictures, (int Height, int Width) size, int batchSize, bool skipBad, PixelTable table, CancellationToken cancellation)
    {
        var resizer = new LinearResizer();
        int length = checked(3 * size.Height * size.Width);
        byte[] bytes = new byte[length];
        float[] pixels = new float[checked(batchSize * length)];
        int filled = 0;
        foreach (int picture in pictures)
        {
            cancellation.ThrowIfCancellationRequested();
            PixelImage image;
            try
            {
                image = training.Read(picture);
            }
            catch (DataException) when (skipBad)
            {
                continue;
            }

            LetterboxedPixels.Write(image, Letterbox.Fit(image.Width, image.Height, size.Width, size.Height), resizer, bytes);
            table.Write(bytes, pixels.AsSpan(filled * length, length), size.Height * size.Width);
            filled = (filled + 1) % batchSize;
            if (filled == 0)
            {
                yield return new(pixels, [batchSize, 3, size.Height, size.Width]);
            }
        }
    }
}
