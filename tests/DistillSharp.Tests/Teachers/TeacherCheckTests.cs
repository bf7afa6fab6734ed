using DistillSharp.Tasks.Data;
using DistillSharp.Teachers;

namespace DistillSharp.Tests.Teachers;

public sealed class TeacherCheckTests
{
    private static readonly string[] s_animals = ["cat", "dog", "cow"];

    [Theory]
    [InlineData(10, 900, 0.13)]
    [InlineData(2, 100, 0.65)]
    [InlineData(10, 9, 0.4)]
    public void The_bound_is_chance_and_three_deviations_of_it(int classes, int samples, double bound) =>

        // Deviation sqrt(p (1 - p) / n): sqrt(0.09 / 900) = 0.01, sqrt(0.25 / 100) = 0.05, sqrt(0.09 / 9) = 0.1.
        Assert.Equal(bound, TeacherCheck.ChanceBound(classes, samples), 12);

    [Fact]
    public void At_chance_a_teacher_is_complained_about_with_the_numbers()
    {
        string complaint = TeacherCheck.Complaint(0.12, 10, 900, floor: 0)!;

        Assert.Contains("12.00 %", complaint, StringComparison.Ordinal);
        Assert.Contains("900 held-out samples", complaint, StringComparison.Ordinal);
        Assert.Contains("chance for 10 classes (up to 13.00 %)", complaint, StringComparison.Ordinal);
    }

    [Fact]
    public void Below_the_floor_a_teacher_is_complained_about_with_the_floor()
    {
        string complaint = TeacherCheck.Complaint(0.8, 10, 900, floor: 0.9)!;

        Assert.Contains("80.00 %", complaint, StringComparison.Ordinal);
        Assert.Contains("floor of 90.00 % (teacher.floor)", complaint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.14, 0)]
    [InlineData(0.9, 0.9)]
    [InlineData(1, 1)]
    public void Above_chance_and_floor_there_is_no_complaint(double top1, double floor) => Assert.Null(TeacherCheck.Complaint(top1, 10, 900, floor));

    [Fact]
    public void The_same_names_in_the_same_order_are_accepted_and_so_are_none()
    {
        TeacherCheck.RequireSameClasses(["cat", "dog", "cow"], s_animals);
        TeacherCheck.RequireSameClasses(null, s_animals);
    }

    [Fact]
    public void Another_order_is_accepted_and_told()
    {
        var order = TeacherCheck.RequireSameClasses(["cat", "cow", "dog"], s_animals);

        Assert.Equal([0, 2, 1], order.FromModel);
        Assert.Contains("its class 2 is the data's 1, 'dog', its class 1 is the data's 2, 'cow'", order.Note, StringComparison.Ordinal);
        Assert.DoesNotContain("'cat'", order.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_names_are_refused_with_both()
    {
        var error = Assert.Throws<DataException>(() => TeacherCheck.RequireSameClasses(["cat", "dog", "sheep"], s_animals));

        Assert.Contains("names other classes", error.Message, StringComparison.Ordinal);
        Assert.Contains("class 2 is 'sheep' and not 'cow'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_names_ten_are_told_and_the_rest_counted()
    {
        string[] data = [.. Enumerable.Range(0, 100).Select(i => $"{i}")];

        string message = Assert.Throws<DataException>(() => TeacherCheck.RequireSameClasses([.. data.Select(name => $"not {name}")], data)).Message;

        Assert.Contains("class 9 is 'not 9' and not '9' and 90 more", message, StringComparison.Ordinal);
        Assert.DoesNotContain("class 10 ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_number_of_names_is_refused_with_both_numbers() =>
        Assert.Contains("tells 2 classes apart, but the data has 3", Assert.Throws<DataException>(() => TeacherCheck.RequireSameClasses(["cat", "dog"], s_animals)).Message, StringComparison.Ordinal);
}
