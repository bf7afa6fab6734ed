using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;

namespace DistillSharp.Tasks.Tests.Detection.Data;

public sealed class ClassFilterTests
{
    private static readonly string[] s_names = ["ant", "bee", "cat", "dog", "eel"];

    [Fact]
    public void Boxes_of_the_chosen_classes_are_numbered_in_the_order_given_and_the_others_go()
    {
        // Made up: picture i has i % 3 boxes of the classes i % 5 and (i + 1) % 5.
        var source = new MadeUpDetections(12);
        var filter = new ClassFilter(source, [3, 2]);

        Assert.Equal(12, filter.Count);
        Assert.Equal([2, 3], source.LabelsOf(2).Select(label => label.ClassIndex));
        Assert.Equal([source.LabelsOf(2)[0] with { ClassIndex = 1 }, source.LabelsOf(2)[1] with { ClassIndex = 0 }], filter.LabelsOf(2));
        Assert.Equal([source.LabelsOf(7)[0] with { ClassIndex = 1 }], filter.LabelsOf(7));
        Assert.Equal([0, 2, 0, 0, 0, 0, 1], Enumerable.Range(1, 7).Select(i => filter.LabelsOf(i).Count));
        Assert.Equal(("picture 1", source.SizeOf(1)), (filter.Describe(1), filter.SizeOf(1)));
        Assert.Equal(source.Read(1).Pixels, filter.Read(1).Pixels);
    }

    [Fact]
    public void A_set_keeps_the_named_classes_in_all_its_parts_and_says_how_many_pictures_are_background()
    {
        var set = ClassFilter.ByName(Set(12) with { Remarks = ["before"] }, ["dog", "cat"]);

        Assert.Equal(["dog", "cat"], set.ClassNames);
        Assert.Equal([1, 0], set.Train.LabelsOf(2).Select(label => label.ClassIndex));
        Assert.Equal([1, 0], set.Validation.LabelsOf(2).Select(label => label.ClassIndex));
        Assert.Equal([1, 0], set.Test!.LabelsOf(2).Select(label => label.ClassIndex));
        Assert.Equal("before", set.Remarks[0]);
        int background = Enumerable.Range(0, 12).Count(i => set.Train.LabelsOf(i).Count == 0);
        Assert.Equal($"zoo: 2 of 5 classes kept (dog, cat); {background} of 12 training pictures are background", set.Remarks[1]);
        Assert.Contains("validation pictures are background", set.Remarks[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_that_train_and_validate_stay_one_source_and_an_absent_test_part_stays_absent()
    {
        var source = new MadeUpDetections(12);
        var set = ClassFilter.ByName(new("zoo", s_names, source, source), ["cat"]);

        Assert.Same(set.Train, set.Validation);
        Assert.Null(set.Test);
        Assert.Single(set.Remarks);
    }

    [Fact]
    public void Names_that_the_set_lacks_are_refused_with_those_it_has()
    {
        string message = Assert.Throws<ArgumentException>(() => ClassFilter.ByName(Set(12), ["cat", "Dog"])).Message;

        Assert.Equal("'Dog' is none of the 5 classes of 'zoo'. It has ant, bee, cat, dog, eel. Upper and lower case count.", message);
        Assert.Contains("are called 'cat': 0, 2", Assert.Throws<ArgumentException>(() => ClassFilter.ByName(Set(12) with { ClassNames = ["cat", "bee", "cat", "dog", "eel"] }, ["cat"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_without_a_box_of_the_classes_stop_or_are_left_out()
    {
        // Of three pictures only the second and third have boxes, of bee, cat and dog.
        Assert.Equal("zoo: none of 3 training pictures has a box of eel. Choose classes that occur in them.", Assert.Throws<DataException>(() => ClassFilter.ByName(Set(3), ["eel"])).Message);
        Assert.Contains("validation", Assert.Throws<DataException>(() => ClassFilter.ByName(Set(12) with { Validation = new MadeUpDetections(3) }, ["eel"])).Message, StringComparison.Ordinal);

        var set = ClassFilter.ByName(Set(12) with { Test = new MadeUpDetections(3) }, ["eel"]);
        Assert.Null(set.Test);
        Assert.Equal("zoo: the test pictures have no box of eel and are left out", set.Remarks[^1]);
    }

    [Fact]
    public void No_class_twice_the_same_and_negative_ones_are_refused()
    {
        var source = new MadeUpDetections(3);

        Assert.Throws<ArgumentException>("classes", () => new ClassFilter(source, []));
        Assert.Throws<ArgumentException>("classes", () => new ClassFilter(source, [1, 1]));
        Assert.Throws<ArgumentOutOfRangeException>("classes", () => new ClassFilter(source, [-1]));
    }

    private static DetectionDataset Set(int count) => new("zoo", s_names, new MadeUpDetections(count), new MadeUpDetections(count)) { Test = new MadeUpDetections(count) };
}
