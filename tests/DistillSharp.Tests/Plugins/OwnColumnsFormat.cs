using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tests.Plugins;

/// <summary>Pictures of 4x4 that are bright in one of three columns: a user's own data set.</summary>
[Plugin("own-columns", "Which column is bright")]
public sealed class OwnColumnsFormat : DatasetFormat
{
    private static readonly string[] s_names = ["left", "middle", "right"];

    /// <inheritdoc/>
    public override ImageDataset Open(DataLocation location, CancellationToken cancellation = default) =>
        new("own columns", s_names, new(1, 4, 4, [0.5f], [0.5f]), Make(part: 0, 240), Make(part: 1, 90));

    private static MemorySamples Make(int part, int count)
    {
        var images = new PixelImage[count];
        byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % 3))];
        for (int i = 0; i < count; i++)
        {
            var random = new SampleRandom(1, part, i);
            byte[] pixels = new byte[16];
            for (int at = 0; at < pixels.Length; at++)
            {
                pixels[at] = (byte)(random.NextInt(120) + (at % 4 == labels[i] ? 100 : 0));
            }

            images[i] = new(1, 4, 4, pixels);
        }

        return new("own columns", images, labels);
    }
}
