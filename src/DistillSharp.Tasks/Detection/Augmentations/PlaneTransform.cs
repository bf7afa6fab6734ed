using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Detection.Augmentations;

/// <summary>A change of the plane, 3 x 3, from points of a canvas to points of the input; pixel (x, y) covers x to x + 1, y to y + 1.</summary>
/// <param name="A">x from x.</param>
/// <param name="B">x from y.</param>
/// <param name="C">x from 1.</param>
/// <param name="D">y from x.</param>
/// <param name="E">y from y.</param>
/// <param name="F">y from 1.</param>
/// <param name="G">The divisor from x.</param>
/// <param name="H">The divisor from y.</param>
/// <param name="I">The divisor from 1.</param>
internal readonly record struct PlaneTransform(double A, double B, double C, double D, double E, double F, double G = 0, double H = 0, double I = 1)
{
    /// <summary>Whether rows stay rows and columns stay columns.</summary>
    public bool IsAxisAligned => B == 0 && D == 0 && G == 0 && H == 0;

    /// <summary>Draws a change around the canvas's centre.</summary>
    /// <param name="options">How much of everything.</param>
    /// <param name="random">The sample's own numbers.</param>
    /// <param name="canvas">The canvas's size.</param>
    /// <param name="input">The input's size.</param>
    /// <param name="scale">The factor of size that was drawn.</param>
    public static PlaneTransform Draw(DetectionAugmentation options, ref SampleRandom random, (int Width, int Height) canvas, (int Width, int Height) input, out double scale)
    {
        double Between(ref SampleRandom numbers, double most) => most * numbers.NextDouble(-1, 1);

        double px = Between(ref random, options.Perspective), py = Between(ref random, options.Perspective), angle = double.DegreesToRadians(Between(ref random, options.Degrees));
        scale = 1 + Between(ref random, options.Scale);
        double shearX = Math.Tan(double.DegreesToRadians(Between(ref random, options.Shear))), shearY = Math.Tan(double.DegreesToRadians(Between(ref random, options.Shear)));
        double moveX = (0.5 + Between(ref random, options.Translate)) * input.Width, moveY = (0.5 + Between(ref random, options.Translate)) * input.Height;
        var (sine, cosine) = angle == 0 ? (0, 1) : Math.SinCos(angle);
        return new PlaneTransform(1, 0, -canvas.Width / 2.0, 0, 1, -canvas.Height / 2.0)
            .Then(new(1, 0, 0, 0, 1, 0, px, py))
            .Then(new(scale * cosine, scale * sine, 0, -scale * sine, scale * cosine, 0))
            .Then(new(1, shearX, 0, shearY, 1, 0))
            .Then(new(1, 0, moveX, 0, 1, moveY));
    }

    /// <summary>This change, then mirrored in the input.</summary>
    public PlaneTransform Flipped(bool leftRight, bool upDown, int width, int height) =>
        Then(new(leftRight ? -1 : 1, 0, leftRight ? width : 0, 0, upDown ? -1 : 1, upDown ? height : 0));

    /// <summary>This change, then another.</summary>
    public PlaneTransform Then(PlaneTransform next) => new(
        (next.A * A) + (next.B * D) + (next.C * G), (next.A * B) + (next.B * E) + (next.C * H), (next.A * C) + (next.B * F) + (next.C * I),
        (next.D * A) + (next.E * D) + (next.F * G), (next.D * B) + (next.E * E) + (next.F * H), (next.D * C) + (next.E * F) + (next.F * I),
        (next.G * A) + (next.H * D) + (next.I * G), (next.G * B) + (next.H * E) + (next.I * H), (next.G * C) + (next.H * F) + (next.I * I));

    /// <summary>The way back.</summary>
    public PlaneTransform Inverse()
    {
        double a = (E * I) - (F * H), b = (C * H) - (B * I), c = (B * F) - (C * E), d = (F * G) - (D * I), e = (A * I) - (C * G), f = (C * D) - (A * F);
        double g = (D * H) - (E * G), h = (B * G) - (A * H), i = (A * E) - (B * D), all = (A * a) + (B * d) + (C * g);
        return new(a / all, b / all, c / all, d / all, e / all, f / all, g / all, h / all, i / all);
    }

    /// <summary>Where a point goes.</summary>
    public (double X, double Y) Apply(double x, double y)
    {
        double divisor = (G * x) + (H * y) + I;
        return (((A * x) + (B * y) + C) / divisor, ((D * x) + (E * y) + F) / divisor);
    }

    /// <summary>The upright box around where a box goes.</summary>
    public BoundingBox Apply(BoundingBox box)
    {
        var (x1, y1) = Apply(box.Left, box.Top);
        var (x2, y2) = Apply(box.Right, box.Top);
        var (x3, y3) = Apply(box.Left, box.Bottom);
        var (x4, y4) = Apply(box.Right, box.Bottom);
        return new(
            (float)Math.Min(Math.Min(x1, x2), Math.Min(x3, x4)), (float)Math.Min(Math.Min(y1, y2), Math.Min(y3, y4)),
            (float)Math.Max(Math.Max(x1, x2), Math.Max(x3, x4)), (float)Math.Max(Math.Max(y1, y2), Math.Max(y3, y4)));
    }
}
