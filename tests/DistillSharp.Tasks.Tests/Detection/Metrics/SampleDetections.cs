using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Metrics;

namespace DistillSharp.Tasks.Tests.Detection.Metrics;

/// <summary>Images with true boxes, and what a detector of some skill finds in them: some boxes off the mark, some missed, some invented.</summary>
internal static class SampleDetections
{
    /// <summary>Draws images; the true boxes depend on the seed alone, so that detectors of several skills see the same images.</summary>
    public static IReadOnlyList<(DetectedBox[] Found, TrueBox[] Truths)> Draw(long seed, int count, int classes, double skill, int model = 0) =>
        [.. Enumerable.Range(0, count).Select(image => Draw(new SampleRandom(seed, 0, image), new SampleRandom(seed, 1 + model, image), classes, skill))];

    public static DetectionMatches Match(IReadOnlyList<(DetectedBox[] Found, TrueBox[] Truths)> images, int classes)
    {
        var matches = new DetectionMatches(classes);
        for (int image = 0; image < images.Count; image++)
        {
            matches.Add(image, images[image].Found, images[image].Truths);
        }

        return matches;
    }

    private static (DetectedBox[] Found, TrueBox[] Truths) Draw(SampleRandom scene, SampleRandom eye, int classes, double skill)
    {
        var truths = new TrueBox[scene.NextInt(5)];
        double ease = scene.NextDouble(-0.3, 0.3);
        var found = new List<DetectedBox>();
        for (int i = 0; i < truths.Length; i++)
        {
            float left = 100 * i, size = (float)scene.NextDouble(20, 60);
            truths[i] = new(new(left, 0, left + size, size), scene.NextInt(classes));
            if (eye.NextDouble() < skill + ease)
            {
                float off = (float)(size * Math.Abs(eye.NextNormal()) * 0.15);
                found.Add(new(new(left + off, 0, left + size + off, size), Confidence((3 * ease) + eye.NextNormal()), truths[i].ClassIndex));
            }
        }

        for (int i = eye.NextInt(6); i > 0; i--)
        {
            float left = 1000 + (100 * i);
            found.Add(new(new(left, 0, left + 30, 30), Confidence(eye.NextNormal() - 1), eye.NextInt(classes)));
        }

        return ([.. found], truths);
    }

    private static float Confidence(double sureness) => (float)(1 / (1 + Math.Exp(-sureness)));
}
