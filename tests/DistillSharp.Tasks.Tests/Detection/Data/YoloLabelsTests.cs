using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;

namespace DistillSharp.Tasks.Tests.Detection.Data;

public sealed class YoloLabelsTests
{
    [Fact]
    public void A_row_is_a_box_whatever_stands_between_its_numbers()
    {
        var reading = YoloLabels.Parse("a.txt", "0 0.5 0.25 0.1 0.2\r\n\n  2\t1e-1 0.2 0.3 0.40000\n1.0 1 1 1 1", 3);

        Assert.Equal([new(0, 0.5f, 0.25f, 0.1f, 0.2f), new(2, 0.1f, 0.2f, 0.3f, 0.4f), new(1, 1, 1, 1, 1)], reading.Labels);
        Assert.Null(reading.Corrupt);
        Assert.Empty(reading.Remarks);
    }

    [Fact]
    public void A_polygon_becomes_the_box_around_it()
    {
        var label = Assert.Single(YoloLabels.Parse("a.txt", "1 0.25 0.5 0.75 0.125 0.5 1 0.5 0.25", 2).Labels);

        Assert.Equal(new BoxLabel(1, 0.5f, 0.5625f, 0.5f, 0.875f), label);
    }

    [Theory]
    [InlineData("0 0.5 0.5 0.1", "a.txt, line 2: labels require 5 columns (class x y w h), or a class and 3 points or more; 4 columns detected")]
    [InlineData("0 0.5 0.5 0.1 0.1 0.1", "a.txt, line 2: labels require 5 columns (class x y w h), or a class and 3 points or more; 6 columns detected")]
    [InlineData("0 0.5 0.5 cat 0.1", "a.txt, line 2: 'cat' is no number")]
    [InlineData("0 320 240 100 50", "a.txt, line 2: non-normalized or out of bounds coordinates [0 320 240 100 50]")]
    [InlineData("0 0.5 0.5 1.5 0.5", "a.txt, line 2: non-normalized or out of bounds coordinates [0 0.5 0.5 1.5 0.5]")]
    [InlineData("0 -0.5 0.5 0.5 0.5", "a.txt, line 2: negative label values [0 -0.5 0.5 0.5 0.5]")]
    [InlineData("-1 0.5 0.5 0.5 0.5", "a.txt, line 2: negative label values [-1 0.5 0.5 0.5 0.5]")]
    [InlineData("0 0.5 NaN 0.5 0.5", "a.txt, line 2: labels must be finite numbers, NaN or infinity found")]
    [InlineData("NaN 0.5 0.5 0.5 0.5", "a.txt, line 2: labels must be finite numbers, NaN or infinity found")]
    [InlineData("0 0.5 0.5 0.5 1e999", "a.txt, line 2: labels must be finite numbers, NaN or infinity found")]
    [InlineData("0.5 0.5 0.5 0.5 0.5", "a.txt, line 2: the class 0.5 is no whole number of a class")]
    [InlineData("0 0.1 0.1 0.2 0.2 2 0.3", "a.txt, line 2: non-normalized or out of bounds coordinates of a polygon")]
    [InlineData("0 0.1 0.1 0.2 0.2 NaN 0.3", "a.txt, line 2: non-normalized or out of bounds coordinates of a polygon")]
    public void A_row_that_cannot_be_meant_spoils_the_picture_by_file_and_line(string row, string why)
    {
        var reading = YoloLabels.Parse("a.txt", "0 0.5 0.5 0.1 0.1\n" + row, 3);

        Assert.Equal(why, reading.Corrupt);
        Assert.Empty(reading.Labels);
    }

    [Fact]
    public void Duplicates_and_boxes_without_area_are_removed_and_said()
    {
        var reading = YoloLabels.Parse("a.txt", "0 0.5 0.5 0.1 0.1\n0 0.5 0.5 0.1 0.1\n0 0.5 0.5 0 0.1\n0 0.5 0.5 0.1 0.1", 1);

        Assert.Single(reading.Labels);
        Assert.Equal(["a.txt, line 3: zero-area box removed [0 0.5 0.5 0 0.1]", "a.txt: 2 duplicate labels removed"], reading.Remarks);
    }

    [Fact]
    public void A_class_that_the_set_lacks_is_named_with_the_classes_it_has()
    {
        var reading = YoloLabels.Parse("a.txt", "0 0.5 0.5 0.1 0.1\n80 0.5 0.5 0.1 0.1", 80);

        Assert.Equal(["a.txt, line 2: label class 80 exceeds dataset class count 80. Possible class labels are 0-79"], reading.UnknownClasses);
    }

    [Theory]
    [InlineData("/d/images/train/a.jpg", "/d/labels/train/a.txt")]
    [InlineData("/images/d/images/a.b.png", "/images/d/labels/a.b.txt")]
    [InlineData("/d/Images/a.jpg", "/d/Images/a.txt")]
    [InlineData("/d/images2/a.jpg", "/d/images2/a.txt")]
    public void The_last_folder_named_images_becomes_labels(string picture, string labels)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other paths: run this test on Linux or macOS.");
        Assert.Equal(labels, new YoloLabels().FileOf(picture));
    }
}
