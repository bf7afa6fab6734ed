using DistillSharp.Detection.Export;
using DistillSharp.Graph;
using DistillSharp.Runtime.Comparison;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.Tasks.Images;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Golden;

namespace DistillSharp.Tests.Detection.Export;

/// <summary>The smallest detector of the golden folder, and images to show it.</summary>
internal static class GoldenDetector
{
    public static DetectorFile Open() => DetectorFile.Open(GoldenCheckpoint.Smallest);

    /// <summary>Real pictures as a batch, letterboxed, 0 to 1.</summary>
    public static TensorData Pictures(int count, int height, int width)
    {
        string[] files = [.. Directory.GetFiles(SharedFolder.Data("coco8", "images", "train"), "*.jpg").Order(StringComparer.Ordinal).Take(count)];
        Assert.Equal(count, files.Length);
        var batch = new float[count * 3 * height * width];
        byte[] bytes = new byte[3 * height * width];
        for (int i = 0; i < count; i++)
        {
            var image = ImageFile.Load(files[i]);
            LetterboxedPixels.Write(image, Letterbox.Fit(image.Width, image.Height, width, height), new(), bytes);
            for (int j = 0; j < bytes.Length; j++)
            {
                batch[(i * bytes.Length) + j] = bytes[j] / 255f;
            }
        }

        return TensorData.Create<float>(batch, count, 3, height, width);
    }

    public static TensorData Answer(ModelGraph graph, TensorData pictures) => GraphRun.Run(graph, new Dictionary<string, TensorData> { ["images"] = pictures })["output0"];

    /// <summary>The class scores of an answer <c>[N, 4 + classes, anchors]</c>.</summary>
    public static IEnumerable<float> Scores(TensorData answer)
    {
        int rows = (int)answer.Shape[1], anchors = (int)answer.Shape[2];
        return answer.AsSpan<float>().ToArray().Where((_, i) => i / anchors % rows >= 4);
    }

    /// <summary>The largest difference of boxes and of scores.</summary>
    public static (double Pixels, double Score) Apart(TensorData a, TensorData b)
    {
        Assert.Equal(a.Shape, b.Shape);
        float[] x = a.AsSpan<float>().ToArray(), y = b.AsSpan<float>().ToArray();
        int rows = (int)a.Shape[1], places = (int)a.Shape[2];
        double Largest(bool boxes) => Enumerable.Range(0, x.Length).Where(i => i / places % rows < 4 == boxes).Max(i => Math.Abs((double)x[i] - y[i]));
        return (Largest(true), Largest(false));
    }
}
