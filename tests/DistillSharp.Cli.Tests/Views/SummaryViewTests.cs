using DistillSharp.Cli.Views;

namespace DistillSharp.Cli.Tests.Views;

public sealed class SummaryViewTests
{
    [Theory]
    [InlineData(43.4, "It needs 1/43 of the teacher's compute, and its file")]
    [InlineData(1.5, "It needs 1/2 of the teacher's compute, and its file")]
    [InlineData(1.4, "Its file")]
    [InlineData(1, "Its file")]
    [InlineData(0.5, "Its file")]
    public void A_student_that_needs_as_much_as_its_teacher_is_not_said_to_need_a_share(double saved, string expected) => Assert.Equal(expected, SummaryView.FileOf(saved, "file"));
}
