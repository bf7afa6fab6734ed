using DistillSharp.Tasks.Detection.Data;
using DistillSharp.TestKit;

namespace DistillSharp.Tasks.Tests.Detection.Data;

public sealed class VocFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Corners_count_from_1_and_difficult_objects_are_left_out()
    {
        var file = Load("""
            <annotation><filename>C:\x\p.jpg</filename><size><width>100</width><height>50</height></size>
            <object><name>dog</name><difficult>0</difficult><bndbox><xmin>11</xmin><ymin>6</ymin><xmax>31</xmax><ymax>26</ymax></bndbox></object>
            <object><name>cat</name><difficult>1</difficult><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>3</xmax><ymax>2</ymax></bndbox></object>
            <object><name>cat</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>101</xmax><ymax>51</ymax></bndbox></object></annotation>
            """);

        Assert.Null(file.Corrupt);
        Assert.Equal(("p.jpg", 1), (file.FileName, file.DifficultCount));
        var labels = PixelLabels.Of(_folder.Path, [file], ["cat", "dog"]).Read("/p/p.jpg", 100, 50, 2).Labels;
        Assert.Equal([new(1, 0.2f, 0.3f, 0.2f, 0.4f), new(0, 0.5f, 0.5f, 1, 1)], labels);
    }

    [Theory]
    [InlineData("<annotation>", "line 1")]
    [InlineData("no xml", "line 1")]
    [InlineData("<a>\n<object><name>x</name></object></a>", "line 2: an object has a name and a bndbox")]
    [InlineData("<a>\n\n<object><name>x</name><bndbox><xmin>one</xmin></bndbox></object></a>", "line 3: an object has a name and a bndbox")]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n<a><filename>&x;</filename></a>", "line 1")]
    [InlineData("<!DOCTYPE a [<!ENTITY x \"xxxxxxxxxx\"><!ENTITY y \"&x;&x;&x;&x;&x;\">]><a>&y;</a>", "line 1")]
    public void What_is_no_such_file_says_so_by_line_and_reads_nothing_else(string text, string why)
    {
        var file = Load(text);

        Assert.Contains(why, file.Corrupt, StringComparison.Ordinal);
        Assert.StartsWith(file.Path, file.Corrupt, StringComparison.Ordinal);
        Assert.Equal(file.Corrupt, PixelLabels.Of(_folder.Path, [file], ["x"]).Read("/p/p.jpg", 10, 10, 1).Corrupt);
    }

    [Fact]
    public void Deep_nesting_is_refused() =>
        Assert.Contains("more than 16 levels", Load(string.Concat(Enumerable.Repeat("<a>", 5000)) + string.Concat(Enumerable.Repeat("</a>", 5000))).Corrupt, StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();

    private VocFile Load(string text) => VocFile.Load(_folder.Write("a.xml", text), "/p/p.jpg");
}
