using DistillSharp.Detection.Distillation;
using DistillSharp.Tasks.Detection;
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
        foreach (string path in GoldenCheckpoint.Forwards)
        {
            var file = NpzFile.Read(path);
            using var scope = NewDisposeScope();
            Tensor[] maps = [.. Enumerable.Range(0, 3).Select(i => tensor(file[$"feat{i}"].Values.ToArray(), [.. file[$"feat{i}"].Shape]).to(ScalarType.Float32))];
            var (images, rows, anchors) = ((int)file["pred"].Shape[0], (int)file["pred"].Shape[1], (int)file["pred"].Shape[2]);
            float[] answer = [.. file["pred"].Values.Select(value => (float)value)];
            var suppression = new NonMaxSuppressionOptions { Confidence = answer.Where((_, i) => i / anchors % rows >= 4).Max() / 2 };

            var found = new MapDecoder([.. maps.Select(map => (int)(file["x"].Shape[2] / map.shape[2]))], 16, suppression).Decode(maps);

            Assert.Equal(images, found.Count);
            var wanted = new List<DetectedBox>();
            for (int image = 0; image < images; image++)
            {
                var one = new List<DetectedBox>();
                new DetectionDecoder(suppression).Decode(answer.AsSpan(image * rows * anchors, rows * anchors), new(DetectionForm.Planes, rows - 4, anchors), one);
                Assert.Equal(one.Count, found[image].Count);
                wanted.AddRange(one);
            }

            Assert.NotEmpty(wanted);
            foreach (var (one, other) in wanted.Zip(found.SelectMany(boxes => boxes)))
            {
                Assert.Equal(one.ClassIndex, other.ClassIndex);
                Assert.Equal(one.Confidence, other.Confidence, 1e-4f);
                Assert.Equal(one.Box.Left, other.Box.Left, 1e-2f);
                Assert.Equal(one.Box.Bottom, other.Box.Bottom, 1e-2f);
            }
        }
    }
}
