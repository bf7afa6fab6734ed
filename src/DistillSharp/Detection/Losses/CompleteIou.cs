using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Detection.Losses;

/// <summary>
/// The complete intersection over union of two boxes (Zheng et al., arXiv:1911.08287): overlap, less the centres' distance as a share
/// of the diagonal around both, less the difference of their aspects. 1 for equal boxes, down to about -1.5.
/// </summary>
internal static class CompleteIou
{
    private const double Epsilon = 1e-7, AspectScale = 4 / (Math.PI * Math.PI);

    /// <summary>Of two boxes, never below 0: what an assigner ranks by.</summary>
    /// <param name="box">The first box's corners: x1, y1, x2, y2.</param>
    /// <param name="truth">The second box.</param>
    public static double AtLeastZero((double Left, double Top, double Right, double Bottom) box, TrueBox truth)
    {
        double width = Math.Min(box.Right, truth.Right) - Math.Max(box.Left, truth.Left), height = Math.Min(box.Bottom, truth.Bottom) - Math.Max(box.Top, truth.Top);
        if (!(width > 0) || !(height > 0))
        {
            return 0;
        }

        double w1 = box.Right - box.Left, h1 = box.Bottom - box.Top + Epsilon, w2 = truth.Right - truth.Left, h2 = truth.Bottom - truth.Top + Epsilon;
        double shared = width * height, iou = shared / ((w1 * h1) + (w2 * h2) - shared + Epsilon);
        double across = Math.Max(box.Right, truth.Right) - Math.Min(box.Left, truth.Left), down = Math.Max(box.Bottom, truth.Bottom) - Math.Min(box.Top, truth.Top);
        double dx = truth.Left + truth.Right - box.Left - box.Right, dy = truth.Top + truth.Bottom - box.Top - box.Bottom;
        iou -= ((dx * dx) + (dy * dy)) / 4 / ((across * across) + (down * down) + Epsilon);
        if (iou <= 0)
        {
            return 0;
        }

        double overlap = shared / ((w1 * h1) + (w2 * h2) - shared + Epsilon), turn = Math.Atan(w2 / h2) - Math.Atan(w1 / h1), v = AspectScale * turn * turn;
        return Math.Max(0, iou - (v * v / (v - overlap + (1 + Epsilon))));
    }

    /// <summary>Of pairs of boxes, with a gradient to the first ones. The aspect term's weight is a constant to the gradient, as in the paper.</summary>
    /// <param name="box">Corners, <c>[P, 4]</c>.</param>
    /// <param name="truth">Corners, <c>[P, 4]</c>.</param>
    /// <returns><c>[P]</c>.</returns>
    public static Tensor Of(Tensor box, Tensor truth)
    {
        Tensor[] a = box.unbind(1), b = truth.unbind(1);
        var (w1, h1) = (a[2] - a[0], (a[3] - a[1]).Plus(Number.Of(Epsilon)));
        var (w2, h2) = (b[2] - b[0], (b[3] - b[1]).Plus(Number.Of(Epsilon)));
        var shared = (a[2].minimum(b[2]) - a[0].maximum(b[0])).clamp_min(Number.Of(0.0)) * (a[3].minimum(b[3]) - a[1].maximum(b[1])).clamp_min(Number.Of(0.0));
        var iou = shared / ((w1 * h1).Plus((w2 * h2)) - shared).Plus(Number.Of(Epsilon));
        var across = a[2].maximum(b[2]) - a[0].minimum(b[0]);
        var down = a[3].maximum(b[3]) - a[1].minimum(b[1]);
        var diagonal = across.Squared().Plus(down.Squared()).Plus(Number.Of(Epsilon));
        var apart = ((b[0].Plus(b[2]) - a[0] - a[2]).Squared().Plus((b[1].Plus(b[3]) - a[1] - a[3]).Squared())).mul(Number.Of(0.25));
        var v = ((w2 / h2).atan() - (w1 / h1).atan()).Squared().mul(Number.Of(AspectScale));
        Tensor weight;
        using (no_grad())
        {
            weight = v / (v - iou).Plus(Number.Of(1 + Epsilon));
        }

        return iou - (apart / diagonal) - (v * weight);
    }
}
