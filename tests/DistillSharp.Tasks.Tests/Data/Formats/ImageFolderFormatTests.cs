using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Data.Formats;
using DistillSharp.Tasks.Images;
using DistillSharp.TestKit;

namespace DistillSharp.Tasks.Tests.Data.Formats;

public sealed class ImageFolderFormatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("val")]
    [InlineData("test")]
    [InlineData("valid")]
    [InlineData("validation")]
    public void Classes_are_the_training_folders_in_ordinal_order(string test)
    {
        Put("train/cat/b.png", "train/cat/a.png", "train/Dog/a.png", $"{test}/cat/z.png");

        var data = Open();

        Assert.Equal(["Dog", "cat"], data.ClassNames);
        Assert.Equal([_folder["train", "Dog", "a.png"], _folder["train", "cat", "a.png"], _folder["train", "cat", "b.png"]], Enumerable.Range(0, 3).Select(data.Train.Describe));
        Assert.Equal([0, 1, 1], Enumerable.Range(0, 3).Select(data.Train.LabelOf));
        Assert.Equal(1, data.Test.Read(0).Label);
        Assert.Equal($"{Path.GetFileName(_folder.Path)}, 3/1", data.Name);
        Assert.Equal((3, 64, 64), (data.Input.Channels, data.Input.Height, data.Input.Width));
    }

    [Fact]
    public void Other_files_and_hidden_folders_are_left_alone()
    {
        Put("train/a/1.png", "train/b/1.PNG", "train/.cache/1.png", "val/a/1.png", "val/.cache/2.png");
        _folder.Write("train/a/notes.txt", "no picture");
        _folder.Write("train/readme.md", "no class");

        Assert.Equal((2, 1), (Open().Train.Count, Open().Test.Count));
    }

    [Fact]
    public void One_folder_is_split_by_a_seed_the_same_share_of_each_class()
    {
        Put([.. Enumerable.Range(0, 20).Select(i => $"a/{i:00}.png"), .. Enumerable.Range(0, 10).Select(i => $"b/{i:00}.png")]);

        var data = Open();
        string[] train = Files(data.Train), test = Files(data.Test);

        Assert.Equal((24, 6), (train.Length, test.Length));
        Assert.Equal(4, Enumerable.Range(0, 6).Count(i => data.Test.LabelOf(i) == 0));
        Assert.Equal(30, train.Union(test).Count());
        Assert.Equal(test, Files(Open().Test));
        Assert.NotEqual(test, Files(Open(new() { SplitSeed = 1 }).Test));
        Assert.Equal(15, Open(new() { TestShare = 0.5 }).Test.Count);
    }

    [Fact]
    public void A_picture_that_cannot_be_decoded_is_named_and_stops()
    {
        Put("train/a/1.png", "train/a/3.png", "train/b/1.png", "val/a/1.png");
        string bad = _folder.Write("train/a/2.png", "no picture");

        var loader = new BatchLoader(Open().Train, new() { Input = Open().Input, BatchSize = 2, Workers = 2 });

        Assert.Contains($"'{bad}'", Assert.Throws<DataException>(() => loader.Epoch(0).Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_that_cannot_be_decoded_is_named_counted_and_skipped_where_it_may_be()
    {
        Put("train/a/1.png", "train/a/3.png", "train/b/1.png", "val/a/1.png");
        string bad = _folder.Write("train/a/2.png", "no picture");
        var loader = new BatchLoader(Open().Train, new() { Input = Open().Input, BatchSize = 2, Workers = 2, SkipBad = true });

        for (int epoch = 0; epoch < 2; epoch++)
        {
            Assert.Equal([0, 2, 3], loader.Epoch(epoch).SelectMany(batch => batch.Indices.ToArray()));
        }

        Assert.Contains($"'{bad}'", Assert.Single(loader.BadSamples), StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_that_only_the_test_pictures_have_is_refused_by_name()
    {
        Put("train/a/1.png", "train/b/1.png", "val/b/1.png", "val/zebra/1.png", "val/ant/1.png");

        var error = Assert.Throws<DataException>(() => Open());

        Assert.Equal($"'{_folder["val"]}' has classes that the training pictures lack: ant, zebra.", error.Message);
    }

    [Fact]
    public void A_class_that_only_the_training_pictures_have_is_none_to_stop_at()
    {
        Put("train/a/1.png", "train/b/1.png", "val/b/1.png");

        Assert.Equal([1], Enumerable.Range(0, Open().Test.Count).Select(Open().Test.LabelOf));
    }

    [Fact]
    public void A_folder_that_is_no_image_folder_is_refused_with_what_was_expected()
    {
        string message = Assert.Throws<DataException>(() => new ImageFolderFormat(new()).Open(new() { Root = _folder["none"] })).Message;
        Assert.Contains($"'{_folder["none"]}' does not exist", message, StringComparison.Ordinal);
        Assert.Contains("train/CLASS/*.jpg", message, StringComparison.Ordinal);

        Put("only/1.png");
        Assert.Contains("has 1 subfolders", Assert.Throws<DataException>(() => Open()).Message, StringComparison.Ordinal);

        Directory.CreateDirectory(_folder["train", "a"]);
        Directory.CreateDirectory(_folder["train", "b"]);
        Assert.StartsWith($"'{_folder["train"]}' has no pictures", Assert.Throws<DataException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_too_small_to_give_a_test_picture_are_refused()
    {
        Put("a/1.png", "a/2.png", "b/1.png", "b/2.png");

        var error = Assert.Throws<DataException>(() => Open());

        Assert.Contains("no class is large enough", error.Message, StringComparison.Ordinal);
        Assert.Contains("0.2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(nameof(ImageFolderOptions.Size), () => new ImageFolderOptions { Size = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(nameof(ImageFolderOptions.TestShare), () => new ImageFolderOptions { TestShare = 1 });
    }

    [Fact]
    [Trait("Category", "Data")]
    public void The_real_flowers_have_their_documented_counts()
    {
        var data = new ImageFolderFormat(new()).Open(new() { Root = SharedFolder.Data("flowers") }, TestContext.Current.CancellationToken);

        Assert.Equal("flowers, 400/100", data.Name);
        Assert.Equal(["daisy", "dandelion", "roses", "sunflowers", "tulips"], data.ClassNames);
        Assert.Equal([75, 85, 80, 81, 79], Counts(data.Train));
        Assert.Equal([25, 15, 20, 19, 21], Counts(data.Test));
        Assert.True(Math.Min(data.Test.Read(99).Image.Height, data.Test.Read(99).Image.Width) is > 0 and <= 160);
    }

    public void Dispose() => _folder.Dispose();

    private static int[] Counts(ISampleSource source) => [.. Enumerable.Range(0, source.Count).CountBy(source.LabelOf).OrderBy(pair => pair.Key).Select(pair => pair.Value)];

    private static string[] Files(ISampleSource source) => [.. Enumerable.Range(0, source.Count).Select(source.Describe)];

    private ImageDataset Open(ImageFolderOptions? options = null) => new ImageFolderFormat(options ?? new()).Open(new() { Root = _folder.Path }, TestContext.Current.CancellationToken);

    private void Put(params string[] paths)
    {
        foreach (string path in paths)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
            ImageFile.SavePng(Pictures.Flat(3, 3, 3, 7), _folder[path]);
        }
    }
}
