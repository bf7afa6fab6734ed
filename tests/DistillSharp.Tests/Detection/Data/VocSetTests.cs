using DistillSharp.Tasks.Data;

namespace DistillSharp.Tests.Detection.Data;

public sealed class VocSetTests : IDisposable
{
    private readonly MadeUpSet _set = new();

    public VocSetTests()
    {
        foreach (string name in new[] { "a", "b", "c", "d" })
        {
            _set.Picture($"JPEGImages/{name}.png");
            _set.Folder.Write($"Annotations/{name}.xml", $"<annotation><object><name>{(name == "c" ? "cat" : "dog")}</name><bndbox><xmin>11</xmin><ymin>6</ymin><xmax>31</xmax><ymax>16</ymax></bndbox></object></annotation>");
        }
    }

    [Fact]
    public void Lists_say_what_trains_and_what_validates()
    {
        _set.Folder.Write("ImageSets/Main/train.txt", "a 1\nb -1\nnone\n");
        _set.Folder.Write("ImageSets/Main/val.txt", "c\n");
        _set.Folder.Write("ImageSets/Main/test.txt", "d\n");

        var set = _set.OpenFile(_set.Folder.Path);

        Assert.Equal(["cat", "dog"], set.ClassNames);
        Assert.Equal((2, 1, 1), (set.Train.Count, set.Validation.Count, set.Test!.Count));
        Assert.Equal(new(0, 0.5f, 0.5f, 0.5f, 0.5f), Assert.Single(set.Validation.LabelsOf(0)));
        Assert.Contains(set.Remarks, remark => remark.Contains("train.txt, line 3: ignoring", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_lists_a_share_validates()
    {
        var set = _set.OpenFile(_set.Folder.Path);

        Assert.Equal((3, 1), (set.Train.Count, set.Validation.Count));
    }

    [Fact]
    public void Broken_files_are_left_out_by_name_and_a_folder_of_something_else_is_refused()
    {
        _set.Folder.Write("Annotations/b.xml", "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>");
        _set.Folder.Write("Annotations/e.xml", "<annotation/>");

        var set = _set.OpenFile(_set.Folder.Path);

        Assert.Equal(3, set.Train.Count + set.Validation.Count);
        Assert.Contains(set.Remarks, remark => remark.Contains("ignoring corrupt image/label", StringComparison.Ordinal) && remark.Contains("b.xml, line 1", StringComparison.Ordinal));
        Assert.Contains(set.Remarks, remark => remark.Contains("e.xml", StringComparison.Ordinal));
        Assert.Contains("is no detection data set", Assert.Throws<DataException>(() => _set.OpenFile(_set.Folder["JPEGImages"])).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _set.Dispose();
}
