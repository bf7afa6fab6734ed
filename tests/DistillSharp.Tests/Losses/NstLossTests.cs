using DistillSharp.Losses.Feature;
using static DistillSharp.Tests.Losses.FeatureTrial;

namespace DistillSharp.Tests.Losses;

public sealed class NstLossTests
{
    [Fact]
    public void Two_channels_worked_by_hand()
    {
        // Student's channels (1, 0) and (0, 1), the teacher's one (3, 4) / 5: kernels 1/2, 1 and (0.36 + 0.64) / 2.
        using var student = Of([2, 0, 0, 7], 1, 2, 1, 2);
        using var teacher = Of([3, 4], 1, 1, 1, 2);

        Assert.Equal(1 + 0.5 - (2 * 0.5), Loss(new NstLoss(new()), student, teacher), 1e-14);
    }

    [Fact]
    public void The_order_and_size_of_channels_do_not_matter()
    {
        using var student = Normal(1, 3, 4, 3, 3);
        using var order = TorchSharp.torch.tensor(new long[] { 2, 0, 3, 1 });
        using var shuffled = student.index_select(1, order) * 5.0;
        using var teacher = Normal(2, 3, 6, 5, 5);

        Assert.Equal(0, Loss(new NstLoss(new()), student, shuffled), 1e-14);
        Assert.Equal(Loss(new NstLoss(new()), student, teacher), Loss(new NstLoss(new()), shuffled, teacher), 1e-14);
    }

    [Fact]
    public void Dead_and_large_maps_stay_finite() => StaysFinite(() => new NstLoss(new()), null, null, [1, 4, 3, 3], [1, 6, 3, 3]);
}
