using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.TestKit;

namespace DistillSharp.Tasks.Tests.Detection.Data;

public sealed class CocoFileTests : IDisposable
{
    private const string Images = """ "images": [{"id": 7, "file_name": "b/x.png", "width": 200, "height": 100, "license": {"a": [1, {}]}}, {"id": 3, "file_name": "a.png"}] """;
    private const string Categories = """ "categories": [{"id": 90, "name": "cat", "supercategory": "animal"}, {"id": 5, "name": "dog"}] """;
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Boxes_become_shares_and_classes_are_numbered_by_their_ids()
    {
        var file = Load($$"""
            {"info": {"x": [[[]]]},
             "annotations": [
              {"image_id": 7, "category_id": 90, "bbox": [50, 25, 100, 50], "segmentation": [[1, 2, 3]], "iscrowd": 0},
              {"image_id": 7, "category_id": 5, "bbox": [190, -10, 30, 20]},
              {"image_id": 7, "category_id": 5, "bbox": [0, 0, 9, 9], "iscrowd": 1},
              {"image_id": 99, "category_id": 5, "bbox": [0, 0, 9, 9]},
              {"image_id": 3, "category_id": 5}],
             {{Categories}}, {{Images}}}
            """);

        Assert.Equal(["dog", "cat"], file.ClassNames);
        Assert.Equal(["a.png", Path.Combine("b", "x.png")], file.FileNames);
        var labels = PixelLabels.Of(file, "/pictures");

        // 50 to 150 of 200, 25 to 75 of 100; the second is cut off at 190 to 200 and 0 to 10.
        Assert.Equal([new(1, 0.5f, 0.5f, 0.5f, 0.5f), new(0, 0.975f, 0.05f, 0.05f, 0.1f)], labels.Read(Path.Combine("/pictures", "b", "x.png"), 200, 100, 2).Labels);
        Assert.True(labels.Read(Path.Combine("/pictures", "a.png"), 10, 10, 2).IsMissing);
        Assert.Equal(3, file.Remarks.Count);
        Assert.Contains("says 200x100", Assert.Single(labels.Read(Path.Combine("/pictures", "b", "x.png"), 100, 200, 2).Remarks), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "line 1: no JSON")]
    [InlineData("[]", "line 1: a COCO file is one object")]
    [InlineData("{\n\"images\": 3}", "line 2: 'images', 'annotations' and 'categories' are lists")]
    [InlineData("{\n\"images\": [\n3]}", "line 3: a list of objects")]
    [InlineData("{\"images\": [{\"id\": 1}]}", "line 1: an image has 'id' and 'file_name'")]
    [InlineData("{\"images\": [{\"id\": \"x\", \"file_name\": \"a\"}]}", "'id' is a whole number")]
    [InlineData("{\"images\": [{\"id\": 1, \"file_name\": \"../../etc/passwd\"}]}", "leads out of the pictures' folder")]
    [InlineData("{\"images\": [{\"id\": 1, \"file_name\": \"/etc/passwd\"}]}", "leads out of the pictures' folder")]
    [InlineData("{\"images\": [{\"id\": 1, \"file_name\": \"a\\u0000.png\"}]}", "leads out of the pictures' folder")]
    [InlineData("{\"annotations\": [{\"image_id\": 1, \"category_id\": 1, \"bbox\": [1, 2, 3, 4, 5]}]}", "'bbox' is [x, y, width, height]")]
    [InlineData("{\"annotations\": [{\"image_id\": 1, \"category_id\": 1, \"bbox\": [\"a\"]}]}", "'bbox' is [x, y, width, height]")]
    [InlineData("{\"annotations\": [{\"bbox\": [1, 2, 3, 4]}]}", "an annotation has 'image_id', 'category_id' and 'bbox'")]
    [InlineData("{\"images\": [], \"categories\": []}", "0 images and 0 categories")]
    [InlineData("{\"images\": [", "no JSON")]
    public void What_is_no_such_file_is_refused_by_line(string text, string why) =>
        Assert.Contains(why, Assert.Throws<DataException>(() => Load(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Deep_nesting_twice_used_ids_and_unknown_categories_are_refused()
    {
        Assert.Contains("no JSON", Assert.Throws<DataException>(() => Load("{\"x\": " + new string('[', 100_000))).Message, StringComparison.Ordinal);
        Assert.Contains("two images have the id 1", Assert.Throws<DataException>(() => Load($$"""{"images": [{"id": 1, "file_name": "a"}, {"id": 1, "file_name": "b"}], {{Categories}}}""")).Message, StringComparison.Ordinal);
        Assert.Contains("line 2: category_id 4 is none of the 2 categories", Assert.Throws<DataException>(() => Load($$"""
            { {{Images}}, {{Categories}},
             "annotations": [{"image_id": 7, "category_id": 4, "bbox": [1, 2, 3, 4]}]}
            """)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private CocoFile Load(string text) => CocoFile.Load(_folder.Write("a.json", text));
}
