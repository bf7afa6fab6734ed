using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Runtime.Tests.Detection;

public sealed class DetectionCalibrationTests
{
    private static readonly (int Width, int Height) s_size = (64, 64);
    private static readonly ColourScenes s_scenes = new((64, 64, [ColourScenes.Label(0, s_size, 0, 0, 32, 32)]), (64, 64, [ColourScenes.Label(2, s_size, 32, 32, 64, 64)]));

    [Fact]
    public void Pictures_are_normalised_as_the_card_says()
    {
        float[] mean = [0.485f, 0.456f, 0.406f], deviation = [0.229f, 0.224f, 0.225f];

        float[] plain = Numbers(null), normalised = Numbers(new(3, 64, 64, mean, deviation));

        // Grey of 114, the letterbox's own, and pure red.
        Assert.Equal(plain.Length, normalised.Length);
        for (int i = 0; i < plain.Length; i++)
        {
            int channel = i / (64 * 64) % 3;
            Assert.Equal((plain[i] - mean[channel]) / deviation[channel], normalised[i], 1e-5f);
        }

        Assert.Contains(normalised, value => value < -1.5f);
        Assert.Contains(normalised, value => value > 2.2f);
    }

    [Fact]
    public void Without_a_card_they_are_shares_of_255()
    {
        Assert.All(Numbers(null), value => Assert.Contains(value, new[] { 0, 114 / 255f, 1 }));
        Assert.Equal(Numbers(null), Numbers(new(3, 64, 64, [0, 0, 0], [1, 1, 1])));
    }

    private static float[] Numbers(ImageInput? input) =>
        [.. DetectionCalibration.Draw(s_scenes, (64, 64), 2, seed: 1, input: input).Batches(TestContext.Current.CancellationToken).SelectMany(batch => batch.Pixels.ToArray())];
}
