using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tests.Teachers;

/// <summary>Pictures of noise.</summary>
internal static class NoiseSamples
{
    public static MemorySamples Create(int count, int channels, int height, int width)
    {
        var random = new SampleRandom(3, 0, 0);
        var images = new PixelImage[count];
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++)
        {
            byte[] pixels = new byte[channels * height * width];
            foreach (ref byte pixel in pixels.AsSpan())
            {
                pixel = (byte)random.NextInt(256);
            }

            (images[i], labels[i]) = (new(channels, height, width, pixels), (byte)(i % 2));
        }

        return new("noise", images, labels);
    }

    public static Batch Load(ISampleSource samples, ImageInput input) => new BatchLoader(samples, new() { Input = input, BatchSize = samples.Count, Workers = 0 }).Epoch(0).Single();
}
