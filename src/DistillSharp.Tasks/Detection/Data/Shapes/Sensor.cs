using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Detection.Data.Shapes;

/// <summary>What a camera does to a picture: sometimes a slight blur, always some noise, and whole grey levels.</summary>
internal static class Sensor
{
    private const double BlurredShare = 0.3, MinNoise = 2, NoiseSpan = 11;
    private const int MostBlurs = 2;

    /// <summary>Takes a picture of a canvas.</summary>
    /// <param name="canvas">The canvas; it is blurred in place.</param>
    /// <param name="random">Random numbers.</param>
    public static PixelImage Take(ColourCanvas canvas, ref SampleRandom random)
    {
        int blurs = random.NextBool(BlurredShare) ? 1 + random.NextInt(MostBlurs) : 0;
        for (int i = 0; i < blurs; i++)
        {
            Blur(canvas, rightwards: true);
            Blur(canvas, rightwards: false);
        }

        double share = random.NextDouble(), noise = MinNoise + (NoiseSpan * share * share);
        byte[] pixels = new byte[canvas.Levels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)Math.Clamp(Math.Round(canvas.Levels[i] + (noise * NextBell(ref random))), 0, 255);
        }

        return new(3, canvas.Height, canvas.Width, pixels);
    }

    /// <summary>Weighs each pixel with its two neighbours, 1 : 2 : 1; at the edge the pixel stands for its neighbour.</summary>
    private static void Blur(ColourCanvas canvas, bool rightwards)
    {
        double[] before = [.. canvas.Levels];
        double Before(int channel, int x, int y) => before[(((channel * canvas.Height) + Math.Clamp(y, 0, canvas.Height - 1)) * canvas.Width) + Math.Clamp(x, 0, canvas.Width - 1)];
        var (right, down) = rightwards ? (1, 0) : (0, 1);
        for (int channel = 0; channel < 3; channel++)
        {
            for (int y = 0; y < canvas.Height; y++)
            {
                for (int x = 0; x < canvas.Width; x++)
                {
                    canvas[channel, x, y] = (Before(channel, x - right, y - down) + (2 * Before(channel, x, y)) + Before(channel, x + right, y + down)) / 4;
                }
            }
        }
    }

    /// <summary>Nearly a number of the standard normal distribution: the sum of four even ones of 16 bits, in whole numbers up to the last division.</summary>
    private static double NextBell(ref SampleRandom random)
    {
        const double Mean = 2 * 65535.0, Deviation = 37837.2;
        ulong bits = random.NextBits();
        return (((bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48)) - Mean) / Deviation;
    }
}
