using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Detection.Data.Shapes;

/// <summary>Paints what a scene says: ground, marks that are no shape, shapes, and what a camera makes of it.</summary>
internal static class ScenePainter
{
    /// <summary>Paints a picture.</summary>
    /// <param name="scene">What it shows.</param>
    public static PixelImage Paint(ShapeScene scene)
    {
        var random = scene.Stream(ShapeStream.Sensor);
        return Sensor.Take(Draw(scene), ref random);
    }

    /// <summary>Paints a picture as it is before the camera.</summary>
    /// <param name="scene">What it shows.</param>
    public static ColourCanvas Draw(ShapeScene scene)
    {
        var canvas = new ColourCanvas(scene.Width, scene.Height);
        var ground = scene.Stream(ShapeStream.Ground);
        Background.Paint(canvas, ref ground);
        Distractors.Paint(canvas, ref ground);
        var fills = scene.Stream(ShapeStream.Fills);
        foreach (var shape in scene.Shapes)
        {
            ShapeFill.Paint(canvas, shape, ref fills);
        }

        return canvas;
    }
}
