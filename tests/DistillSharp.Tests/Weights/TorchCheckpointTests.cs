using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.TestKit.Golden;
using DistillSharp.Tests.Weights.Torch;
using DistillSharp.Weights;

namespace DistillSharp.Tests.Weights;

[Trait("Category", "Golden")]
public sealed class TorchCheckpointTests
{
    [Fact]
    public void Every_checkpoint_of_the_golden_folder_is_read()
    {
        var files = GoldenCheckpoint.All;
        foreach (string path in files)
        {
            var checkpoint = TorchCheckpoint.Load(path);

            Assert.True(checkpoint.StateDict.Count > 100, path);
            Assert.All(checkpoint.StateDict, pair => Assert.True(
                pair.Key.EndsWith(".num_batches_tracked", StringComparison.Ordinal) ? pair.Value is { Type: ElementType.Int64, Count: 1 } : pair.Value.Type == ElementType.Float32, pair.Key));
            Assert.All(checkpoint.StateDict.Where(pair => pair.Value.Type == ElementType.Float32), pair => Assert.DoesNotContain(pair.Value.AsSpan<float>().ToArray(), value => !float.IsFinite(value)));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{files.Count} checkpoints read");
    }

    [Fact]
    public void Names_shapes_types_and_order_are_PyTorchs()
    {
        int compared = 0;
        foreach (string path in GoldenCheckpoint.All)
        {
            string stem = Path.GetFileNameWithoutExtension(path).Replace("_state_dict", "", StringComparison.Ordinal);
            if (GoldenCheckpoint.Described(stem) is { } described)
            {
                var state = TorchCheckpoint.Load(path).StateDict;

                Assert.Equal(described.Select(entry => entry.Name), state.Keys);
                Assert.All(described, entry => Assert.Equal(entry.Shape, state[entry.Name].Shape));
                Assert.All(described, entry => Assert.Equal(entry.Type == "int64" ? ElementType.Int64 : ElementType.Float32, state[entry.Name].Type));
                compared++;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{compared} checkpoints compared with arch.json");
        Assert.True(compared > 0, "arch.json describes no checkpoint of the folder.");
    }

    [Fact]
    public void A_saved_model_of_halves_equals_its_state_dict_element_for_element()
    {
        int pairs = 0;
        foreach (string path in GoldenCheckpoint.All.Where(path => File.Exists(Path.ChangeExtension(path, null) + "_state_dict.pt")))
        {
            var model = TorchCheckpoint.Load(path).StateDict;
            var plain = TorchCheckpoint.Load(Path.ChangeExtension(path, null) + "_state_dict.pt").StateDict;
            var halves = TorchCheckpoint.Load(path, new() { AsStored = true }).StateDict;

            Assert.Equal(plain.Keys, model.Keys);
            Assert.All(plain, pair => Assert.True(pair.Value.Bytes.SequenceEqual(model[pair.Key].Bytes), pair.Key));
            Assert.Contains(halves.Values, tensor => tensor.Type == ElementType.Float16);
            Assert.DoesNotContain(halves.Values, tensor => tensor.Type == ElementType.Float32);
            pairs++;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{pairs} pairs compared");
        Assert.True(pairs > 0, "There is no checkpoint with its state dict beside it.");
    }

    [Fact]
    public void What_a_checkpoint_says_of_itself_agrees_with_its_tensors()
    {
        foreach (string path in GoldenCheckpoint.Models)
        {
            var checkpoint = TorchCheckpoint.Load(path);
            var (metadata, state) = (checkpoint.Metadata, checkpoint.StateDict);

            // A training that was finished is stripped: its epoch is -1 and its average is the model.
            Assert.Equal(metadata.Epoch == -1 ? CheckpointSource.Model : CheckpointSource.Average, checkpoint.Source);
            int classes = (int)state["model.23.cv3.0.2.weight"].Shape[0];
            Assert.Equal((classes, classes, "detect"), (metadata.Classes, metadata.Names!.Count, metadata.Task));
            Assert.Equal(Enumerable.Range(0, classes), metadata.Names.Keys.Order());
            Assert.True(classes != 80 || (metadata.Names[0], metadata.Names[79]) == ("person", "toothbrush"), "80 classes are those of COCO.");
            Assert.Equal([8.0, 16.0, 32.0], metadata.Strides);
            Assert.Equal(0, metadata.ImageSize % 32);
            Assert.Equal("ultralytics.nn.tasks.DetectionModel", metadata.ModelClass);
            Assert.StartsWith("AGPL-3.0", metadata.License, StringComparison.Ordinal);
            Assert.Matches(@"^\d+\.\d+\.\d+$", metadata.Version);

            // Depth, width and most channels: the first of its convolutions has 64 channels times the width.
            var scales = Assert.IsType<IReadOnlyDictionary<string, object?>>(metadata.Yaml!["scales"], exactMatch: false);
            var scale = Assert.IsType<IReadOnlyList<object?>>(scales[(string)metadata.Yaml["scale"]!], exactMatch: false);
            Assert.Equal(8 * Math.Ceiling(64 * Convert.ToDouble(scale[1], CultureInfo.InvariantCulture) / 8), state["model.0.conv.weight"].Shape[0]);
        }
    }
}
