using DistillSharp.Plugins;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;

namespace Conformance.Tests;

/// <summary>What holds for every augmentation and data set of the catalogues.</summary>
public sealed class AugmentationConformanceTests
{
    public static TheoryData<string> Augmentations => [.. PluginCatalogs.BuiltIn.Augmentations.All.Select(augmentation => augmentation.Key)];

    public static TheoryData<string> Datasets => [.. PluginCatalogs.BuiltIn.Datasets.All.Select(dataset => dataset.Key)];

    [Theory]
    [MemberData(nameof(Augmentations))]
    public void It_draws_from_the_samples_generator_alone_and_never_writes_into_the_picture(string key)
    {
        var augmentation = PluginCatalogs.BuiltIn.Augmentations.Create(new PluginChoice<Augmentation>(key));
        byte[] pixels = [.. Enumerable.Range(0, 3 * 12 * 10).Select(i => (byte)(i % 251))];
        var image = new PixelImage(3, 12, 10, [.. pixels]);
        var changed = new HashSet<string>();
        for (int i = 0; i < 20; i++)
        {
            var first = new SampleRandom(1, 0, i);
            var second = new SampleRandom(1, 0, i);
            var result = augmentation.Apply(image, ref first);

            Assert.Equal((3, 12, 10), (result.Channels, result.Height, result.Width));
            Assert.Equal(result.Pixels, augmentation.Apply(image, ref second).Pixels);
            Assert.Equal(pixels, image.Pixels);
            changed.Add(Convert.ToHexString(result.Pixels));
        }

        Assert.True(changed.Count > 1, $"{key} does the same to every sample.");
    }

    [Theory]
    [MemberData(nameof(Datasets))]
    public void An_absent_data_set_is_refused_by_what_was_looked_for_and_a_built_in_one_opens(string key)
    {
        using var folder = new DistillSharp.TestKit.TemporaryFolder();
        var format = PluginCatalogs.BuiltIn.Datasets.Create(new PluginChoice<DatasetFormat>(key));
        if (key == "glyphs")
        {
            Assert.Equal(10, format.Open(new() { Root = folder.Path, MayDownload = false }, TestContext.Current.CancellationToken).ClassNames.Count);
            return;
        }

        // Where the real set lies in a folder of the machine's own, it may be found there.
        try
        {
            format.Open(new() { Root = folder.Path, MayDownload = false }, TestContext.Current.CancellationToken);
        }
        catch (DataException error)
        {
            Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
        }
    }
}
