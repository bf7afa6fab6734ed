using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Images;

namespace AotApp;

/// <summary>One picture with a red box at the upper left and a blue one at the lower right, as <see cref="MadeFiles.Colours"/> paints it.</summary>
internal sealed class OneScene(PixelImage image) : IDetectionSource
{
    public int Count => 1;

    public string Describe(int index) => "colours.png";

    public (int Width, int Height) SizeOf(int index) => (image.Width, image.Height);

    public IReadOnlyList<BoxLabel> LabelsOf(int index) => [new(0, 0.125f, 0.25f, 0.25f, 0.5f), new(2, 0.875f, 0.75f, 0.25f, 0.5f)];

    public PixelImage Read(int index) => image;
}
