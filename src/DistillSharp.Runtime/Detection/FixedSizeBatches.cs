using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Runtime.Detection;

/// <summary>Pictures letterboxed one by one for a file that fixes an input that is not square, which the loader does not make.</summary>
internal static class FixedSizeBatches
{
    /// <summary>The batches of all pictures, in order.</summary>
    /// <param name="source">The pictures.</param>
    /// <param name="height">The input's rows.</param>
    /// <param name="width">The input's columns.</param>
    /// <param name="skipBad">Whether pictures that cannot be read are left out.</param>
    /// <param name="bad">Told what was left out.</param>
    public static IEnumerable<DetectionBatch> Of(IDetectionSource source, int height, int width, bool skipBad, ICollection<string> bad)
    {
        byte[] pixels = new byte[checked(3 * height * width)];
        var resizer = new LinearResizer();
        for (int i = 0; i < source.Count; i++)
        {
            Letterbox letterbox;
            try
            {
                var image = source.Read(i);
                letterbox = Letterbox.Fit(image.Width, image.Height, width, height);
                LetterboxedPixels.Write(image, letterbox, resizer, pixels);
            }
            catch (DataException error) when (skipBad)
            {
                bad.Add(error.Message);
                continue;
            }

            yield return new() { Count = 1, Pixels = pixels, Size = (height, width), Targets = ReadOnlyMemory<float>.Empty, Indices = new[] { i }, Letterboxes = [letterbox] };
        }
    }
}
