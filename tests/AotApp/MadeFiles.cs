using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Zoo;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Images;
using DistillSharp.TestKit.Handwritten;
using SkiaSharp;

namespace AotApp;

/// <summary>A model and a picture, made on the spot: their speed and size are real, their answers are not.</summary>
internal static class MadeFiles
{
    public static ModelCard Card { get; } = new(
        "classification",
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
        new(3, 32, 32, [0.4914f, 0.4822f, 0.4465f], [0.2470f, 0.2435f, 0.2616f]));

    public static ModelGraph ResNet20()
    {
        var graph = ResNet.ResNet20(new() { Classes = 10, Height = 32, Width = 32 });
        WeightInitializer.Draw(graph, seed: 1);
        foreach (var (key, value) in Card.ToMetadata())
        {
            graph.Metadata[key] = value;
        }

        return graph;
    }

    /// <summary>A JPEG file of a colour gradient.</summary>
    public static byte[] Jpeg(int side)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (int y = 0; y < side; y++)
        {
            for (int x = 0; x < side; x++)
            {
                bitmap.SetPixel(x, y, new SKColor((byte)(255 * x / side), (byte)(255 * y / side), (byte)(17 * x * y)));
            }
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        return data.ToArray();
    }

    /// <summary>Grey, 128 x 64, with a red cell at the upper left and a blue one at the lower right.</summary>
    public static PixelImage Colours()
    {
        byte[] pixels = new byte[3 * 64 * 128];
        Array.Fill(pixels, (byte)114);
        foreach (var (left, top, colour) in new[] { (0, 0, 0), (96, 32, 2) })
        {
            for (int y = top; y < top + 32; y++)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    pixels.AsSpan((((channel * 64) + y) * 128) + left, 32).Fill((byte)(channel == colour ? 255 : 0));
                }
            }
        }

        return new(3, 64, 128, pixels);
    }

    public static int Write(string folder)
    {
        Directory.CreateDirectory(folder);
        OnnxFile.Save(ResNet20(), Path.Combine(folder, "resnet20.onnx"));
        File.WriteAllBytes(Path.Combine(folder, "picture.jpg"), Jpeg(320));
        OnnxFile.Save(ColourDetector.Create(metadata: new Dictionary<string, string>(ColourDetector.Metadata) { ["imgsz"] = "[128, 128]" }), Path.Combine(folder, "colours.onnx"));
        ImageFile.SavePng(Colours(), Path.Combine(folder, "colours.png"));
        return 0;
    }
}
