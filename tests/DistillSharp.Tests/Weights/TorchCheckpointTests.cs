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
    public void What_a_released_checkpoint_says_of_itself_is_read()
    {
        var checkpoint = TorchCheckpoint.Load(GoldenCheckpoint.Named("yolo11n.pt"));
        var metadata = checkpoint.Metadata;

        Assert.Equal(CheckpointSource.Model, checkpoint.Source);
        Assert.Equal(137, checkpoint.StateDict["model.0.bn.num_batches_tracked"].AsSpan<long>()[0]);
        Assert.Equal((80, "person", "toothbrush"), (metadata.Names!.Count, metadata.Names[0], metadata.Names[79]));
        Assert.Equal([8.0, 16.0, 32.0], metadata.Strides);
        Assert.Equal((80, "detect", 640, -1L), (metadata.Classes, metadata.Task, metadata.ImageSize, metadata.Epoch));
        Assert.Equal("ultralytics.nn.tasks.DetectionModel", metadata.ModelClass);
        Assert.StartsWith("AGPL-3.0", metadata.License, StringComparison.Ordinal);
        Assert.Equal("8.3.24", metadata.Version);
        Assert.Equal(("n", "yolo11n.yaml"), (metadata.Yaml!["scale"], metadata.Yaml["yaml_file"]));
        var scales = Assert.IsType<IReadOnlyDictionary<string, object?>>(metadata.Yaml["scales"], exactMatch: false);
        Assert.Equal([0.5, 0.25, 1024L], Assert.IsType<IReadOnlyList<object?>>(scales["n"], exactMatch: false));
    }

    [Fact]
    public void The_average_of_an_unfinished_training_is_used_where_there_is_no_model()
    {
        var checkpoint = TorchCheckpoint.Load(GoldenCheckpoint.Named("yolo11_tiny_last.pt"));

        Assert.Equal(CheckpointSource.Average, checkpoint.Source);
        Assert.Equal([8L, 3, 3, 3], checkpoint.StateDict["model.0.conv.weight"].Shape);
        Assert.Equal(["red", "green", "blue"], checkpoint.Metadata.Names!.Values);
        Assert.Equal((3, 160, 1L), (checkpoint.Metadata.Classes, checkpoint.Metadata.ImageSize, checkpoint.Metadata.Epoch));
        var scales = Assert.IsType<IReadOnlyDictionary<string, object?>>(checkpoint.Metadata.Yaml!["scales"], exactMatch: false);
        Assert.Equal(0.125, Assert.IsType<IReadOnlyList<object?>>(scales["n"], exactMatch: false)[1]);
    }
}
