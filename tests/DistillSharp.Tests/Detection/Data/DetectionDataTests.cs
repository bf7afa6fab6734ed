using DistillSharp.Detection.Data;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.Tasks.Detection.Data.Shapes;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Detection.Data;

public sealed class DetectionDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    [Trait("Category", "Data")]
    public void Coco8_opens_by_its_name_with_the_boxes_its_readme_counts()
    {
        var set = DetectionData.Open("coco8.yaml", new() { Location = new() { Root = SharedFolder.Data() }, CacheFolder = _folder.Path });

        Assert.Equal("coco8", set.Name);
        Assert.Equal(80, set.ClassNames.Count);
        Assert.Equal("person", set.ClassNames[0]);
        Assert.Equal("toothbrush", set.ClassNames[79]);
        Assert.Equal((4, 4), (set.Train.Count, set.Validation.Count));
        Assert.Equal((13, 17), (((DetectionFiles)set.Train).BoxCount, ((DetectionFiles)set.Validation).BoxCount));
        Assert.EndsWith("000000000009.jpg", set.Train.Describe(0), StringComparison.Ordinal);
        Assert.Equal(new(45, 0.479492f, 0.688771f, 0.955609f, 0.5955f), set.Train.LabelsOf(0)[0]);
        var image = set.Train.Read(0);
        Assert.Equal(set.Train.SizeOf(0), (image.Width, image.Height));
        Assert.Empty(set.Remarks);
    }

    [Fact]
    [Trait("Category", "Data")]
    public void Coco128_counts_its_backgrounds_and_opens_train_and_val_once()
    {
        var set = DetectionData.Open(SharedFolder.Data("coco128", "coco128.yaml"), new() { CacheFolder = _folder.Path });

        var train = Assert.IsType<DetectionFiles>(set.Train);
        Assert.Same(set.Train, set.Validation);
        Assert.Equal((128, 2, 929), (train.Count, train.BackgroundCount, train.BoxCount));
        Assert.Contains(set.Remarks, remark => remark.EndsWith("128 images, 2 backgrounds, 0 corrupt", StringComparison.Ordinal));
    }

    [Fact]
    public void Shapes_open_by_their_exact_name_without_a_file()
    {
        var set = DetectionData.Open("shapes", new() { Location = new() { Root = _folder.Path } });

        Assert.Equal(("shapes", 1500, 300, 600), (set.Name, set.Train.Count, set.Validation.Count, set.Test!.Count));
        Assert.IsType<ShapesSource>(set.Train);
        foreach (string other in new[] { "Shapes", "./shapes", "shapes.yaml" })
        {
            Assert.Contains($"'{other}' does not exist", Assert.Throws<DataException>(() => DetectionData.Open(other, new() { Location = new() { Root = _folder.Path } })).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_or_folder_called_shapes_goes_first()
    {
        Assert.True(DataPaths.IsPainted("shapes", _folder.Path));
        Directory.CreateDirectory(_folder["shapes"]);
        Assert.False(DataPaths.IsPainted("shapes", _folder.Path));
    }

    public void Dispose() => _folder.Dispose();
}
