namespace DistillSharp.Tests.Detection.Data;

public sealed class YamlSetTests : IDisposable
{
    private readonly MadeUpSet _set = new MadeUpSet().Usual();

    [Theory]
    [InlineData("path: .\ntrain: images/train\nval: images/val\nnames: [cat, dog]\nnc: 2")]
    [InlineData("train: images/train\nval: images/val\nnames: {1: dog, 0: cat}")]
    [InlineData("train: [images/train]\nvalidation: ./images/val\nnames: [cat, dog]")]
    [InlineData("path: /somewhere/else/on/the/authors/disk\ntrain: images/train\nval: images/val\nnames: [cat, dog]")]
    [InlineData("train: ../images/train\nval: ../images/val\nnames: [cat, dog]")]
    public void The_usual_spellings_mean_the_same(string yaml)
    {
        var set = _set.Open(yaml);

        Assert.Equal(["cat", "dog"], set.ClassNames);
        Assert.Equal((2, 1), (set.Train.Count, set.Validation.Count));
        Assert.Equal(_set.Folder["images", "train", "a.png"], set.Train.Describe(0));
        Assert.Equal(new(1, 0.5f, 0.5f, 0.25f, 0.25f), Assert.Single(set.Validation.LabelsOf(0)));
        Assert.Null(set.Test);
    }

    [Fact]
    public void A_list_file_and_a_list_of_several_are_read_and_what_they_lack_is_said()
    {
        _set.Picture("more/images/d.png", null);
        _set.Folder.Write("more/labels/d.txt", MadeUpSet.Row);
        _set.Folder.Write("train.txt", "./images/train/a.png\nimages/train/b.png\n\nimages/train/none.png\nimages/train/a.txt\n");

        var set = _set.Open("train: [train.txt, more/images]\nval: images/val\nnames: [cat, dog]\ndownload: https://example.org/x.zip");

        Assert.Equal(["a.png", "b.png", "d.png"], Enumerable.Range(0, 3).Select(i => Path.GetFileName(set.Train.Describe(i))));
        string list = _set.Folder["train.txt"];
        Assert.Contains($"{list}, line 4: ignoring corrupt image/label: '{_set.Folder["images", "train", "none.png"]}' does not exist", set.Remarks);
        Assert.Contains(set.Remarks, remark => remark.StartsWith($"{list}, line 5: ignoring", StringComparison.Ordinal));
        Assert.Contains(set.Remarks, remark => remark.Contains("'download' key is not followed", StringComparison.Ordinal));
    }

    [Fact]
    public void A_set_is_found_by_name_in_the_data_folders()
    {
        _set.Folder.Write("elsewhere/tiny/tiny.yaml", "train: images/train\nval: images/val\nnames: [cat, dog]");
        _set.Picture("elsewhere/tiny/images/train/x.png", MadeUpSet.Row);
        _set.Picture("elsewhere/tiny/images/val/y.png", MadeUpSet.Row);

        Assert.Equal("tiny", _set.OpenFile("tiny.yaml").Name);
        Assert.Equal("tiny", _set.OpenFile("tiny").Name);
        Assert.Contains("'other.yaml' does not exist. Looked for", Assert.Throws<Tasks.Data.DataException>(() => _set.OpenFile("other.yaml")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Test_pictures_are_opened_where_they_have_labels_and_done_without_where_not()
    {
        const string Yaml = "train: images/train\nval: images/val\ntest: images/test\nnames: [cat, dog]";

        Assert.Contains(_set.Open(Yaml).Remarks, remark => remark.Contains("no test pictures", StringComparison.Ordinal));
        _set.Picture("images/test/e.png");
        Assert.Null(_set.Open(Yaml).Test);
        _set.Picture("images/test/f.png", MadeUpSet.Row);
        Assert.Equal(2, _set.Open(Yaml).Test!.Count);
    }

    [Theory]
    [InlineData("train: images/train\nval: images/val", "'names:' key missing")]
    [InlineData("train: images/train\nval: images/val\nnc: 2", "'names:' key missing")]
    [InlineData("train: images/train\nnames: [cat, dog]", "'val:' key missing")]
    [InlineData("val: images/train\nnames: [cat, dog]", "'train:' key missing")]
    [InlineData("train: images/train\nval: images/val\nnames: [cat, dog]\nnc: 3", "(4,5): 'names' length 2 and 'nc: 3' must match")]
    [InlineData("train: images/train\nval: images/val\nnames: {0: cat, 2: dog}", "2-class dataset requires class indices 0-1, but '2' is invalid")]
    [InlineData("train: images/train\nval: images/val\nnames: []", "'names' must be a list or a map")]
    [InlineData("train: images/train\nval: images/val\nnames: [[a]]", "'names' must be text")]
    [InlineData("train: {a: b}\nval: images/val\nnames: [cat]", "'train' must be text")]
    [InlineData("- a", "a data.yaml is one map")]
    [InlineData("train: [", "data.yaml(")]
    [InlineData("a: &x [1]\nb: *x", "aliases")]
    [InlineData("train: images/Train\nval: images/val\nnames: [cat, dog]", "images not found: 'train: images/Train' is in none of")]
    [InlineData("train: images/train\nval: images/none\nnames: [cat, dog]", "none' does not exist")]
    [InlineData("train: labels/train\nval: images/val\nnames: [cat, dog]", "no images found in")]
    [InlineData("train: images/train\nval: images/val\nnames: [cat]", "c.txt, line 1: label class 1 exceeds dataset class count 1")]
    public void What_cannot_be_meant_is_refused_and_says_where(string yaml, string why) => Assert.Contains(why, _set.Refused(yaml), StringComparison.Ordinal);

    [Fact]
    public void Pictures_without_any_label_are_refused_with_the_place_looked_in()
    {
        _set.Picture("images/bare/x.png");

        string message = _set.Refused("train: images/bare\nval: images/val\nnames: [cat, dog]");

        Assert.Contains("no labels found", message, StringComparison.Ordinal);
        Assert.Contains(_set.Folder["labels", "bare", "x.txt"], message, StringComparison.Ordinal);
    }

    [Fact]
    public void Formats_that_are_not_read_are_counted()
    {
        _set.Folder.Write("images/train/q.tif", "II*");

        Assert.Contains(_set.Open("train: images/train\nval: images/val\nnames: [cat, dog]").Remarks, remark => remark.StartsWith("1 files ending in .tif left out", StringComparison.Ordinal));
    }

    public void Dispose() => _set.Dispose();
}
