using DistillSharp.Losses;
using DistillSharp.Losses.Detection;
using TorchSharp;
using static DistillSharp.Tests.Losses.LossProbe;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class FgdLossTests
{
    private static readonly FgdLossOptions s_nothing = new() { Foreground = 0, Background = 0, Attention = 0, Relation = 0 };

    [Fact]
    public void A_picture_without_boxes_is_all_background()
    {
        using var scope = NewDisposeScope();

        // A teacher that is the same everywhere attends everywhere alike: eight squared differences of 1, each over 4 cells.
        var inputs = Level(zeros([1, 2, 2, 2], ScalarType.Float64), ones([1, 2, 2, 2], ScalarType.Float64), NoBoxes((8, 8)));
        Assert.Equal(2, Value(new FgdLoss(s_nothing with { Background = 1 }), inputs), 1e-14);
        Assert.Equal(0, Value(new FgdLoss(s_nothing with { Foreground = 1 }), inputs), 1e-14);
    }

    [Fact]
    public void A_box_counts_with_its_own_area_and_the_smallest_wins()
    {
        using var scope = NewDisposeScope();

        // Of 16x16 pixels on 4x4 cells the first box covers cells 1 to 2 each way, the second everything: 0 to 4, one more than there are.
        var masks = new BoxMasks(new(Of([2, 4], 4.5, 4.5, 7.9, 7.9, 0, 0, 16, 16), Mask([2], 1, 1), [(16, 16), (16, 16)]));
        double[] foreground = masks.Foreground(4, 4), background = masks.Background(foreground);

        Assert.All(foreground[..16], value => Assert.Equal(0, value));
        Assert.Equal(1.0 / 4, foreground[16 + 5], 1e-7);
        Assert.Equal(1.0 / 25, foreground[16], 1e-7);
        Assert.All(background[..16], value => Assert.Equal(1.0 / 16, value));
        Assert.All(background[16..], value => Assert.Equal(0, value));
    }

    [Fact]
    public void Blocks_start_as_the_identity()
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = (Draw(1, 2, 4, 3, 3), Draw(2, 2, 4, 3, 3));

        double expected = (student - teacher).square().sum().ToDouble() / 2;
        Assert.Equal(expected, Value(new FgdLoss(s_nothing with { Relation = 1 }), Level(student, teacher, NoBoxes((24, 24), (24, 24)))), expected * 1e-12);
        Assert.Equal(0, Value(new FgdLoss(new()), Level(student, student, NoBoxes((24, 24), (24, 24)))));
    }

    [Fact]
    public void A_narrow_student_is_aligned_and_both_blocks_learn()
    {
        using var scope = NewDisposeScope();
        var student = (Draw(1, 2, 3, 4, 4).to(ScalarType.Float32) * 1000).detach().requires_grad_();
        using var loss = new FgdLoss(new());
        Finite(loss, Level(student, zeros(2, 6, 4, 4), NoBoxes((24, 24), (24, 24))), student);

        Assert.Contains("0.align.weight", loss.Adapters[0].Executor.Weights.Parameters.Select(parameter => parameter.Name));
        Assert.Contains("0.channel_add_conv_t.3.weight", loss.Adapters[0].Executor.Weights.Parameters.Select(parameter => parameter.Name));
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        using var scope = NewDisposeScope();
        var maps = zeros(2, 4, 3, 3);
        Assert.Contains("1 pictures for features [2, 4, 3, 3]", Assert.Throws<ArgumentException>(() => new FgdLoss(new()).Compute(Level(maps, maps, NoBoxes((24, 24))))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new BoxMasks(new(Of([1, 4], 0, 0, 1, 1), Mask([1], 1), [(8, 8)])));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FgdLossOptions { Temperature = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FgdLossOptions { Relation = -1 });
    }

    private static LossBoxes NoBoxes(params (int Height, int Width)[] sizes) => new(zeros(0, 4), zeros(0, ScalarType.Int64), sizes);

    private static LossInputs Level(Tensor student, Tensor teacher, LossBoxes boxes) => Pair(student, teacher) with { Boxes = boxes };
}
