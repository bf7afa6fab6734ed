using DistillSharp.Losses;
using DistillSharp.Losses.Detection;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Benchmarks.LossCost;

/// <summary>Focal and global distillation of a detector's neck, by hand.</summary>
internal static class FgdTrial
{
    private const int Pictures = 4, Boxes = 24;
    private const float Size = 320;

    // Corners in pixels: five or six objects a picture, small and large.
    private static readonly float[][] s_boxes = [.. Enumerable.Range(0, Boxes).Select(i => Box(i * 37 % 200, i * 53 % 190, 20 + (i * 29 % 100), 16 + (i * 31 % 110)))];

    public static LossTrial Create()
    {
        var x = DetectionTrials.Necks() with
        {
            Boxes = new(tensor(s_boxes.SelectMany(box => box).ToArray(), [Boxes, 4]), arange(Boxes, ScalarType.Int64).remainder(Pictures), [.. Enumerable.Repeat(((int)Size, (int)Size), Pictures)]),
        };
        return new("fgd", new FgdLoss(new()), x, setup => setup, loss =>
        {
            Func<Tensor>[] levels = [.. Enumerable.Range(0, 3).Select(i => Level(loss, x.StudentFeatures[i], x.TeacherFeatures[i], i))];
            return () => (levels[0]() + levels[1]() + levels[2]()) / Pictures;
        });
    }

    private static Func<Tensor> Level(DistillationLoss loss, Tensor student, Tensor teacher, int i)
    {
        var align = new HandConv(loss, $"{i}.align", bias: true);
        Func<Tensor, Tensor> studentContext = Context(loss, i, "s"), teacherContext = Context(loss, i, "t");
        return () =>
        {
            var s = align.Of(student);
            Tensor studentSizes = s.abs(), teacherSizes = teacher.abs();
            Tensor studentCells = Attention(studentSizes.mean([1]).flatten(1)), teacherCells = Attention(teacherSizes.mean([1]).flatten(1));
            Tensor studentChannels = Attention(studentSizes.mean([2, 3])), teacherChannels = Attention(teacherSizes.mean([2, 3]));
            var weights = teacherCells.view(Pictures, 1, teacher.shape[2], teacher.shape[3]) * Mask((int)teacher.shape[2]);
            var focal = ((s - teacher).square() * teacherChannels.view(Pictures, -1, 1, 1) * weights).sum();
            var attention = (studentCells - teacherCells).abs().sum() + (studentChannels - teacherChannels).abs().sum();
            var relation = mse_loss(s + studentContext(s), teacher + teacherContext(teacher), nn.Reduction.Sum);
            return focal + attention * 0.001 + relation * 0.000005;
        };
    }

    private static Tensor Attention(Tensor means) => softmax(means / 0.5, 1) * means.shape[1];

    private static Func<Tensor, Tensor> Context(DistillationLoss loss, int i, string side)
    {
        HandConv mask = new(loss, $"{i}.conv_mask_{side}", bias: true), first = new(loss, $"{i}.channel_add_conv_{side}.0", bias: true), second = new(loss, $"{i}.channel_add_conv_{side}.3", bias: true);
        Tensor scale = Draws.Weight(loss, $"{i}.channel_add_conv_{side}.1.weight"), shift = Draws.Weight(loss, $"{i}.channel_add_conv_{side}.1.bias");
        return map =>
        {
            var cells = softmax(mask.Of(map).flatten(2), 2);
            var context = map.flatten(2).bmm(cells.transpose(1, 2)).unsqueeze(3);
            return second.Of(relu(layer_norm(first.Of(context), scale.shape, scale, shift)));
        };
    }

    private static Tensor Mask(int cells)
    {
        float[] mask = new float[Pictures * cells * cells];
        for (int i = 0; i < Boxes; i++)
        {
            int left = (int)MathF.Floor(s_boxes[i][0] / Size * cells), top = (int)MathF.Floor(s_boxes[i][1] / Size * cells);
            int right = (int)MathF.Ceiling(s_boxes[i][2] / Size * cells), bottom = (int)MathF.Ceiling(s_boxes[i][3] / Size * cells);
            float share = 0.001f / (bottom + 1 - top) / (right + 1 - left);
            for (int y = top; y <= Math.Min(bottom, cells - 1); y++)
            {
                for (int x = left; x <= Math.Min(right, cells - 1); x++)
                {
                    ref float cell = ref mask[(((i % Pictures * cells) + y) * cells) + x];
                    cell = Math.Max(cell, share);
                }
            }
        }

        for (int picture = 0; picture < Pictures; picture++)
        {
            var cellsOf = mask.AsSpan(picture * cells * cells, cells * cells);
            float background = 0.0005f / Math.Max(cellsOf.Count(0f), 1);
            cellsOf.Replace(0f, background);
        }

        return tensor(mask, [Pictures, 1, cells, cells]);
    }

    private static float[] Box(float left, float top, float width, float height) => [left, top, left + width, top + height];
}
