using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;

namespace DistillSharp.Tasks.Tests.Detection;

public sealed class ClassMappingTests
{
    [Fact]
    public void Classes_are_matched_by_name_and_never_by_number()
    {
        var mapping = ClassMapping.Of(["dog", "traffic light", "Hot-Dog"], ["person", "Traffic_Light", "hot dog", "dog"]);

        Assert.Equal([3, 1, 2], mapping.FromData);
        Assert.Equal([-1, 1, 2, 0], mapping.ToData);
        Assert.False(mapping.IsIdentity);
        Assert.Equal(["1 of the teacher's 4 classes are none of the data's; their boxes are left out: 'person'."], mapping.Notes);
    }

    [Fact]
    public void The_same_names_in_the_same_order_change_nothing()
    {
        var mapping = ClassMapping.Of(["a", "B"], ["a", "b"]);
        Assert.True(mapping.IsIdentity);
        Assert.Empty(mapping.Notes);
        Assert.False(ClassMapping.Of(["a", "b"], ["b", "a"]).IsIdentity);
        Assert.False(ClassMapping.Of(["a"], ["a", "b"]).IsIdentity);
    }

    [Fact]
    public void What_was_renamed_comes_before_what_the_names_say()
    {
        var mapping = ClassMapping.Of(["car", "person"], ["car", "automobile", "Person"], new Dictionary<string, string> { ["car"] = "automobile" });
        Assert.Equal([1, 2], mapping.FromData);
        Assert.Equal([-1, 0, 1], mapping.ToData);
        Assert.Equal(2, mapping.Notes.Count);
        Assert.Equal("The data's class 'car' is the teacher's class 1, 'automobile'; class 0, 'car', could be meant too and is ignored.", mapping.Notes[0]);
    }

    [Fact]
    public void The_same_name_comes_before_one_that_is_alike_and_the_first_of_twins_before_the_second()
    {
        var mapping = ClassMapping.Of(["hot dog", "cat"], ["hot_dog", "hot dog", "cat", "cat"]);
        Assert.Equal([1, 2], mapping.FromData);
        Assert.Equal([-1, 0, 1, -1], mapping.ToData);
        Assert.Contains("class 0, 'hot_dog', could be meant too", mapping.Notes[0], StringComparison.Ordinal);
        Assert.Contains("class 3, 'cat', could be meant too", mapping.Notes[1], StringComparison.Ordinal);
    }

    [Fact]
    public void One_class_of_the_teacher_is_not_two_of_the_data()
    {
        string message = Refused(["car", "Car"], ["car"]);
        Assert.StartsWith("1 of the data's 2 classes are none of the teacher's: 'Car'.", message, StringComparison.Ordinal);
        Assert.Contains("'car' of the teacher cannot be several classes of the data", Refused(["a", "b"], ["car"], new() { ["a"] = "car", ["b"] = "car" }), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_class_that_the_teacher_does_not_know_is_listed_unless_that_is_allowed()
    {
        string message = Refused(["cat", "scratch", "dent"], ["cat", "dog"]);
        Assert.StartsWith("2 of the data's 3 classes are none of the teacher's: 'scratch', 'dent'. The teacher's are 'cat', 'dog'.", message, StringComparison.Ordinal);

        var mapping = ClassMapping.Of(["cat", "scratch", "dent"], ["cat", "dog"], allowUnmapped: true);
        Assert.Equal([0, -1, -1], mapping.FromData);
        Assert.Equal("The teacher does not know 2 of the data's 3 classes and finds none of their boxes: 'scratch', 'dent'.", mapping.Notes[^1]);
    }

    [Fact]
    public void A_teacher_that_knows_nothing_is_always_refused()
    {
        string message = Assert.Throws<DataException>(() => ClassMapping.Of(["scratch"], ["cat", "dog"], allowUnmapped: true)).Message;
        Assert.StartsWith("None of the data's classes is one of the teacher's: 'scratch'.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Renamed_names_that_are_unknown_are_all_listed()
    {
        string message = Refused(["cat"], ["dog"], new() { ["Cat"] = "dog", ["cat"] = "wolf" });
        Assert.Contains("'Cat' is no class of the data, whose names are 'cat'; 'wolf' is no class of the teacher, whose names are 'dog'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_list_of_the_teachers_names_is_cut()
    {
        string message = Refused(["x"], [.. Enumerable.Range(0, 150).Select(i => $"class {i}")]);
        Assert.Contains("'class 99' and 50 more.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Boxes_change_their_class_or_go()
    {
        var mapping = ClassMapping.Of(["dog", "cat"], ["cat", "person", "dog"]);
        List<DetectedBox> boxes = [new(new(0, 0, 1, 1), 0.9f, 1), new(new(0, 0, 2, 2), 0.8f, 2), new(new(0, 0, 3, 3), 0.7f, 0)];
        mapping.Apply(boxes);
        Assert.Equal([new(new(0, 0, 2, 2), 0.8f, 0), new(new(0, 0, 3, 3), 0.7f, 1)], boxes);
        Assert.Contains("a box of class 3, but it has 3 names", Assert.Throws<DataException>(() => mapping.Apply([new(default, 1, 3)])).Message, StringComparison.Ordinal);
    }

    private static string Refused(string[] data, string[] teacher, Dictionary<string, string>? renamed = null) =>
        Assert.Throws<DataException>(() => ClassMapping.Of(data, teacher, renamed)).Message;
}
