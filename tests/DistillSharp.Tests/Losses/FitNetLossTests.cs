using DistillSharp.Losses.Feature;
using TorchSharp;
using static DistillSharp.Tests.Losses.FeatureTrial;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class FitNetLossTests
{
    [Theory]
    [InlineData(8, 8, 4, 4, 3, 2)] // twice as large: a stride of 2
    [InlineData(6, 5, 4, 4, 3, 1)] // larger: a filter that ends at the teacher's size, 3 x 2
    [InlineData(5, 5, 5, 5, 1, 1)]
    public void A_convolution_brings_the_student_to_the_teachers_size(long height, long width, long rows, long columns, long kernel, int stride)
    {
        using var scope = NewDisposeScope();
        var student = Normal(1, 3, 2, height, width);
        var teacher = Normal(2, 3, 4, rows, columns);
        using var loss = new FitNetLoss(new());
        double value = Loss(loss, student, teacher);

        var weight = Weight(loss, "0.conv.weight");
        long padding = stride == 2 ? 1 : 0;
        Assert.Equal([4, 2, kernel, stride == 2 ? kernel : 1 + width - columns], weight.shape);
        Agrees(loss, value, nn.functional.conv2d(student, weight, Weight(loss, "0.conv.bias"), [stride, stride], [padding, padding]), teacher);
    }

    [Fact]
    public void A_transposed_convolution_doubles_the_students_size()
    {
        using var scope = NewDisposeScope();
        var student = Normal(1, 3, 2, 4, 4);
        var teacher = Normal(2, 3, 5, 8, 8);
        using var loss = new FitNetLoss(new());
        double value = Loss(loss, student, teacher);

        var weight = Weight(loss, "0.conv.weight");
        Assert.Equal([2, 5, 4, 4], weight.shape);
        Agrees(loss, value, nn.functional.conv_transpose2d(student, weight, Weight(loss, "0.conv.bias"), [2, 2], [1, 1]), teacher);
    }

    [Fact]
    public void Dead_and_large_maps_stay_finite() => StaysFinite(() => new FitNetLoss(new()), null, null, [1, 4, 6, 6], [1, 6, 3, 3]);

    [Fact]
    public void A_student_that_is_smaller_but_not_by_half_is_refused_with_both_shapes()
    {
        using var student = Normal(1, 3, 2, 3, 3);
        using var teacher = Normal(2, 3, 4, 4, 4);
        var error = Assert.Throws<ArgumentException>(() => Loss(new FitNetLoss(new()), student, teacher));
        Assert.Contains("[3, 2, 3, 3]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[3, 4, 4, 4]", error.Message, StringComparison.Ordinal);
    }

    private static void Agrees(FitNetLoss loss, double value, Tensor convolved, Tensor teacher)
    {
        var expected = nn.functional.batch_norm(convolved, null!, null!, Weight(loss, "0.bn.weight"), Weight(loss, "0.bn.bias"), true).relu();
        Assert.Equal(teacher.shape, expected.shape);
        Assert.Equal((expected - teacher).square().mean().ToDouble(), value, 1e-10);
    }
}
