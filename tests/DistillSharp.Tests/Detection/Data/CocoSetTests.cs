namespace DistillSharp.Tests.Detection.Data;

public sealed class CocoSetTests : IDisposable
{
    private readonly MadeUpSet _set = new();

    [Fact]
    public void The_validation_file_is_found_by_its_name_and_the_pictures_by_the_files()
    {
        Write("annotations/instances_train2017.json", "a.png", "b.png");
        Write("annotations/instances_val2017.json", "c.png");
        _set.Picture("images/train2017/a.png");
        _set.Picture("images/train2017/b.png");
        _set.Picture("val2017/c.png");

        var set = _set.OpenFile(_set.Folder["annotations", "instances_train2017.json"]);

        Assert.Equal(["cat", "dog"], set.ClassNames);
        Assert.Equal((2, 1), (set.Train.Count, set.Validation.Count));
        Assert.Equal(new(1, 0.5f, 0.5f, 0.5f, 0.5f), Assert.Single(set.Validation.LabelsOf(0)));
    }

    [Fact]
    public void Without_a_validation_file_a_share_drawn_by_a_seed_validates()
    {
        string[] names = [.. Enumerable.Range(0, 10).Select(i => $"{i}.png")];
        Write("all.json", names);
        foreach (string name in names)
        {
            _set.Picture(name);
        }

        var set = _set.OpenFile(_set.Folder["all.json"], new() { ValidationShare = 0.3 });
        var again = _set.OpenFile(_set.Folder["all.json"], new() { ValidationShare = 0.3 });

        Assert.Equal((7, 3), (set.Train.Count, set.Validation.Count));
        Assert.Equal(10, Enumerable.Range(0, 7).Select(set.Train.Describe).Concat(Enumerable.Range(0, 3).Select(set.Validation.Describe)).Distinct().Count());
        Assert.Equal(Enumerable.Range(0, 3).Select(set.Validation.Describe), Enumerable.Range(0, 3).Select(again.Validation.Describe));
        Assert.Contains(set.Remarks, remark => remark.Contains("3 of 10 pictures, drawn by seed 0, validate", StringComparison.Ordinal));
    }

    [Fact]
    public void A_yaml_may_name_a_COCO_file_whose_categories_stand_in_another_order()
    {
        Write("train.json", "a.png");
        _set.Picture("a.png");

        var set = _set.Open("train: train.json\nval: train.json\nnames: [bird, dog, cat]");

        Assert.Equal(1, Assert.Single(set.Train.LabelsOf(0)).ClassIndex);
        Assert.Contains("the category 'cat' is none of the set's 1 classes", _set.Refused("train: train.json\nval: train.json\nnames: [dog]"), StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_that_are_nowhere_are_said_with_the_places_looked_in() =>
        Assert.Contains("were found in none of", Assert.Throws<Tasks.Data.DataException>(() => _set.OpenFile(Write("x.json", "a.png"))).Message, StringComparison.Ordinal);

    public void Dispose() => _set.Dispose();

    /// <summary>Every picture of 40x20 has one dog in the middle.</summary>
    private string Write(string path, params string[] names) => _set.Folder.Write(path, $$"""
        {"images": [{{string.Join(",", names.Select((name, i) => $$"""{"id": {{i}}, "file_name": "{{name}}", "width": 40, "height": 20}"""))}}],
         "annotations": [{{string.Join(",", names.Select((_, i) => $$"""{"image_id": {{i}}, "category_id": 9, "bbox": [10, 5, 20, 10]}"""))}}],
         "categories": [{"id": 2, "name": "cat"}, {"id": 9, "name": "dog"}]}
        """);
}
