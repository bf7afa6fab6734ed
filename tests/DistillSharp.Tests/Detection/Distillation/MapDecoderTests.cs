using DistillSharp.Detection.Distillation;
using DistillSharp.Tasks.Detection;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Detection.Distillation;

[Trait("Category", "Golden")]
public sealed class MapDecoderTests
{
    [Fact]
    public void Boxes_of_raw_maps_are_those_of_the_reference_decoded_output()
    {
        var file = NpzFile.Read(SharedFolder.Golden("yolo", "forward_yolo11n.npz"));
        using var scope = NewDisposeScope();
        Tensor[] maps = [.. Enumerable.Range(0, 3).Select(i => tensor(file[$"feat{i}"].Values.ToArray(), [.. file[$"feat{i}"].Shape]).to(ScalarType.Float32))];
        var suppression = new NonMaxSuppressionOptions { Confidence = 0.02f };
        var wanted = new List<DetectedBox>();
        new DetectionDecoder(suppression).Decode([.. file["pred"].Values.Select(value => (float)value)], new(DetectionForm.Planes, 80, 525), wanted);
        Assert.NotEmpty(wanted);

        var found = new MapDecoder([8, 16, 32], 16, suppression).Decode(maps);

        Assert.Equal(wanted.Count, Assert.Single(found).Count);
        foreach (var (one, other) in wanted.Zip(found[0]))
        {
            Assert.Equal(one.ClassIndex, other.ClassIndex);
            Assert.Equal(one.Confidence, other.Confidence, 1e-4f);
            Assert.Equal(one.Box.Left, other.Box.Left, 1e-2f);
            Assert.Equal(one.Box.Bottom, other.Box.Bottom, 1e-2f);
        }
    }
}
