using DistillSharp.Graph;
using DistillSharp.TestKit;
using DistillSharp.Tests.Weights.Pickle;
using DistillSharp.Tests.Weights.Torch;
using DistillSharp.Weights;

namespace DistillSharp.Tests.Weights;

public sealed class CheckpointTests : IDisposable
{
    private static readonly Dictionary<int, string> s_names = new() { [0] = "red", [1] = "grün" };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Safetensors_and_archives_are_told_apart_by_their_bytes_and_not_by_their_names()
    {
        SafetensorsFile.Write(_folder["weights.pt"], new Dictionary<string, TensorData> { ["w"] = TensorData.Create<Half>([(Half)1.5], 1) }, new Dictionary<string, string>());
        string archive = TorchFile.Write(_folder, PickleWriter.OneTensor("FloatStorage", "0", 1, 0, [1], [1]), ("0", TorchFile.Floats(1.5f)));

        Assert.Equal(CheckpointSource.Safetensors, Checkpoint.Load(_folder["weights.pt"]).Source);
        Assert.Equal(CheckpointSource.Whole, Checkpoint.Load(archive).Source);
        Assert.Equal([1.5f], Checkpoint.Load(_folder["weights.pt"]).StateDict["w"].AsSpan<float>().ToArray());
        Assert.Equal(ElementType.Float16, Checkpoint.Load(_folder["weights.pt"], new() { AsStored = true }).StateDict["w"].Type);
    }

    [Fact]
    public void What_a_checkpoint_says_of_itself_survives_safetensors()
    {
        var yaml = new Dictionary<string, object?> { ["nc"] = 2L, ["scales"] = new Dictionary<string, object?> { ["n"] = new object?[] { 0.5, 0.125, 1024L } } };
        var metadata = new CheckpointMetadata
        {
            Names = s_names,
            Strides = [8, 16, 32],
            Task = "detect",
            License = "AGPL-3.0",
            Version = "8",
            Date = "today",
            Epoch = -1,
            Yaml = yaml,
            TrainingArguments = new Dictionary<string, object?> { ["imgsz"] = 640L },
        };

        new Checkpoint("x", new Dictionary<string, TensorData> { ["w"] = TensorData.Create<float>([1f], 1) }, CheckpointSource.Whole, metadata).SaveSafetensors(_folder["x"]);
        var read = Checkpoint.Load(_folder["x"]).Metadata;

        Assert.Equal(s_names, read.Names!.ToDictionary());
        Assert.Equal([8.0, 16.0, 32.0], read.Strides);
        Assert.Equal((2, "detect", "AGPL-3.0", "8", "today", -1L, 640), (read.Classes, read.Task, read.License, read.Version, read.Date, read.Epoch, read.ImageSize));
        var scales = Assert.IsType<IReadOnlyDictionary<string, object?>>(read.Yaml!["scales"], exactMatch: false);
        Assert.Equal([0.5, 0.125, 1024L], Assert.IsType<IReadOnlyList<object?>>(scales["n"], exactMatch: false));
    }

    [Fact]
    public void Strange_texts_of_a_safetensors_file_are_no_metadata()
    {
        SafetensorsFile.Write(_folder["x"], new Dictionary<string, TensorData> { ["w"] = TensorData.Create<float>([1f], 1) },
            new Dictionary<string, string> { ["names"] = "[", ["stride"] = """["8", -1, {}]""", ["epoch"] = "last", ["imgsz"] = "big", ["yaml"] = "[1]" });
        var read = Checkpoint.Load(_folder["x"]).Metadata;

        Assert.Equal((null, null, null, null), (read.Names, read.Epoch, read.ImageSize, read.Yaml));
        Assert.Empty(read.Strides);
    }

    [Theory]
    [InlineData("""{"0": "a", "2": "b"}""")]
    [InlineData("""{"0": "a", "x": "b"}""")]
    [InlineData("""{"-1": "a"}""")]
    [InlineData("""{"0": 7}""")]
    [InlineData("{}")]
    public void Names_with_gaps_or_without_classes_are_none(string names)
    {
        SafetensorsFile.Write(_folder["x"], new Dictionary<string, TensorData> { ["w"] = TensorData.Create<float>([1f], 1) }, new Dictionary<string, string> { ["names"] = names });

        Assert.Null(Checkpoint.Load(_folder["x"]).Metadata.Names);
    }
}
