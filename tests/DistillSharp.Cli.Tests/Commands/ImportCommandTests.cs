using System.Globalization;
using System.Security.Cryptography;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Zoo;
using DistillSharp.Tasks;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Golden;
using DistillSharp.Weights;

namespace DistillSharp.Cli.Tests.Commands;

public sealed class ImportCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Category", "Golden")]
    public void A_detector_becomes_a_model_with_card_provenance_and_licence()
    {
        foreach (string source in GoldenCheckpoint.Models)
        {
            var (state, from, said) = Read(source);
            int classes = said.Classes!.Value, side = said.ImageSize ?? 640;
            string model = _folder[$"{Path.GetFileNameWithoutExtension(source)}.onnx"];

            string output = DistillCommand.Run("import", source, "--out", model).Done().Output;

            // Without the frozen ones of the decoder.
            long parameters = state.Where(pair => (pair.Key.EndsWith(".weight", StringComparison.Ordinal) || pair.Key.EndsWith(".bias", StringComparison.Ordinal)) && !pair.Key.Contains(".dfl.", StringComparison.Ordinal)).Sum(pair => pair.Value.Count);
            Assert.Matches(string.Create(CultureInfo.InvariantCulture, $@"model\s+.*\b{parameters:#,0} parameters"), output);
            Assert.Matches($@"classes\s+{classes}: {said.Names![0]}", output);
            Assert.Matches($@"pictures\s+3x{side}x{side}, or other multiples of 32", output);
            Assert.Matches($@"weights\s+{from}, ultralytics.nn.tasks.DetectionModel, version {said.Version}, {said.Date![..4]}-", output);
            Assert.Matches($@"licence\s+{said.License![..8]} .*the weights stay under it", output);

            var graph = OnnxFile.Load(model);
            var card = CardOf(graph)!;
            Assert.Equal(("detect", 32, side, side), (card.Task, card.Stride, card.Input.Height, card.Input.Width));
            Assert.Equal(said.Names.OrderBy(pair => pair.Key).Select(pair => pair.Value), card.ClassNames);
            Assert.Equal([0f, 0, 0], card.Input.Mean);
            Assert.Equal([1f, 1, 1], card.Input.Deviation);
            Assert.Equal(Path.GetFileName(source), card.Provenance["source"]);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(source))), card.Provenance["source.sha256"]);
            Assert.Equal((said.Version, said.License, said.Date), (card.Provenance["source.version"], card.Provenance["license"], card.Provenance["source.date"]));
            Assert.All(graph.Initializers.Where(weight => state.ContainsKey(weight.Name)), weight => Assert.True(weight.Data.Bytes.SequenceEqual(state[weight.Name].Bytes), weight.Name));
        }
    }

    [Fact]
    [Trait("Category", "Golden")]
    public void Another_number_of_classes_is_drawn_and_every_drawn_weight_named()
    {
        string source = GoldenCheckpoint.Smallest;
        var (_, from, said) = Read(source);
        string[] names = [.. Enumerable.Range(0, said.Classes!.Value + 2).Select(i => $"thing {i}")];
        _folder.Write("names.txt", string.Join('\n', names));

        string output = DistillCommand.Run("import", source, "--out", _folder["n.onnx"], "--classes", $"{names.Length}", "--names", _folder["names.txt"], "--size", "96x128").Done().Output;

        Assert.Contains("must be trained before it is used:\n  model.23.cv3.0.2.weight", output, StringComparison.Ordinal);
        Assert.Matches($@"weights\s+{from}", output);
        var graph = OnnxFile.Load(_folder["n.onnx"]);
        Assert.Equal(names, CardOf(graph)!.ClassNames);
        Assert.Equal((96, 128), (CardOf(graph)!.Input.Height, CardOf(graph)!.Input.Width));
        Assert.Equal(4 + names.Length, graph.Outputs[0].Shape![1].Size);
        DistillCommand.Run("import", source, "--out", _folder["m.onnx"], "--names", _folder["names.txt"]).Refused(1, $"There are {names.Length} class names, but the model tells {said.Classes} classes apart", $"--classes {names.Length}");
        Assert.False(File.Exists(_folder["m.onnx"]));
    }

    [Fact]
    [Trait("Category", "Golden")]
    public void Safetensors_hold_what_was_stored_and_can_be_imported_in_turn()
    {
        string source = GoldenCheckpoint.Smallest;
        var stored = TorchCheckpoint.Load(source, new() { AsStored = true }).StateDict;
        var said = Checkpoint.Load(source).Metadata;

        Assert.Matches($@"tensors\s+{stored.Count}, .* as they were stored", DistillCommand.Run("import", source, "--out", _folder["n.safetensors"]).Done().Output);
        DistillCommand.Run("import", _folder["n.safetensors"], "--out", _folder["n.onnx"]).Done();

        var (written, texts) = SafetensorsFile.Read(_folder["n.safetensors"]);
        Assert.Equal(stored.Keys.Order(StringComparer.Ordinal), written.Keys.Order(StringComparer.Ordinal));
        Assert.All(stored, pair => Assert.True(pair.Value.Type == written[pair.Key].Type && pair.Value.Bytes.SequenceEqual(written[pair.Key].Bytes), pair.Key));
        Assert.Equal(said.License, texts["license"]);
        var card = CardOf(OnnxFile.Load(_folder["n.onnx"]))!;
        Assert.Equal(said.Names!.OrderBy(pair => pair.Key).Select(pair => pair.Value), card.ClassNames);
        Assert.Equal(said.ImageSize, card.Input.Height);
    }

    [Fact]
    public void A_state_dict_goes_into_a_classifier_of_the_zoo_that_is_named()
    {
        var trained = Classifier(classes: 4);
        _folder.Write("names.txt", "a\nb\nc\nd\n");

        string output = Import("--model", "resnet8", "--names", _folder["names.txt"], "--mean", "0.5", "--std", "0.25").Done().Output;

        Assert.Matches(@"classes\s+4: a, b, c, d", output);
        var written = OnnxFile.Load(_folder["out.onnx"]);
        Assert.All(GraphWeights.Of(trained), pair => Assert.True(written.FindInitializer(pair.Key)!.Data.Bytes.SequenceEqual(pair.Value.Bytes), pair.Key));
        var card = CardOf(written)!;
        Assert.Equal(("classification", 3, 32, 0.5f, 0.25f), (card.Task, card.Input.Channels, card.Input.Height, card.Input.Mean[2], card.Input.Deviation[0]));
    }

    [Fact]
    public void A_classifier_takes_another_number_of_classes_too()
    {
        Classifier(classes: 4);

        string output = Import("--model", "resnet8", "--classes", "7").Done().Output;

        Assert.Contains("must be trained before it is used:\n  fc.weight\n  fc.bias\n", output, StringComparison.Ordinal);
        Assert.Contains("No card is written", output, StringComparison.Ordinal);
        Assert.Equal(7, OnnxFile.Load(_folder["out.onnx"]).Outputs[0].Shape![1].Size);
    }

    public static TheoryData<int, string[], string[]> Mistakes => new()
    {
        { 1, ["does not say which model", "--model"], [] },
        { 2, ["There is no model named 'resnett8'", "Did you mean 'resnet8'?"], ["--model", "resnett8"] },
        { 1, ["does not fit the model 'resnet20'", "missing: "], ["--model", "resnet20"] },
        { 1, ["does not fit the model 'resnet8x4'", "of another shape: "], ["--model", "resnet8x4"] },
        { 1, ["holds no YOLO11 detector"], ["--model", "yolo11n"] },
        { 2, ["needs --mean and --std"], ["--model", "resnet8", "--mean", "0.5"] },
        { 2, ["--mean has 2 numbers, but the model takes 3 channels"], ["--model", "resnet8", "--mean", "0.5,0.5", "--std", "1", "--channels", "3"] },
        { 2, ["--classes takes a whole number"], ["--model", "resnet8", "--classes", "many"] },
        { 2, ["A model tells 1 class or more"], ["--model", "resnet8", "--classes", "0"] },
        { 1, ["'absent.txt' does not exist"], ["--model", "resnet8", "--names", "absent.txt"] },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_answered_in_a_sentence_and_nothing_is_written(int code, string[] parts, string[] arguments)
    {
        Classifier(classes: 4);

        Import(arguments).Refused(code, parts);
        Assert.False(File.Exists(_folder["out.onnx"]));
    }

    [Fact]
    public void Files_that_cannot_be_read_or_written_are_refused_first()
    {
        Classifier(classes: 4);
        string source = _folder["weights.safetensors"];

        DistillCommand.Run("import", _folder["absent.pt"], "--out", _folder["out.onnx"]).Refused(1, "does not exist");
        DistillCommand.Run("import", source, "--out", _folder["absent", "out.onnx"]).Refused(2, "its folder does not exist");
        DistillCommand.Run("import", source, "--out", source).Refused(2, "is the model itself");
        DistillCommand.Run("import", source, "--out", _folder["out.pt"]).Refused(2, "--out ends in '.pt'", ".safetensors");
        DistillCommand.Run("import", source, "--out", _folder["out.safetensors"], "--classes", "3").Refused(2, "weights alone");
        DistillCommand.Run("import", _folder.Write("x.pt", "nothing of the kind"), "--out", _folder["out.onnx"]).Refused(1, "is no checkpoint of PyTorch");
        DistillCommand.Run("import", _folder.Write("old.pt", [0x80, 2, 0x8A, 10, 0x6C]), "--out", _folder["out.onnx"]).Refused(1, "before version 1.6", "torch.save(");
        Assert.Equal(["old.pt", "weights.safetensors", "x.pt"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    /// <summary>What a checkpoint holds, and how the command names the part of it that is used.</summary>
    private static (IReadOnlyDictionary<string, TensorData> State, string From, CheckpointMetadata Said) Read(string path)
    {
        var checkpoint = Checkpoint.Load(path);
        return (checkpoint.StateDict, checkpoint.Source == CheckpointSource.Average ? @"the averaged model \('ema'\)" : @"the model \('model'\)", checkpoint.Metadata);
    }

    private CommandResult Import(params string[] arguments) => DistillCommand.Run(["import", _folder["weights.safetensors"], "--out", _folder["out.onnx"], .. arguments]);

    private ModelGraph Classifier(int classes)
    {
        var graph = ResNet.ResNet8(new() { Classes = classes });
        WeightInitializer.Draw(graph, seed: 4);
        SafetensorsFile.Write(_folder["weights.safetensors"], GraphWeights.Of(graph), new Dictionary<string, string>());
        return graph;
    }

    private static ModelCard? CardOf(ModelGraph graph) => ModelCard.FromMetadata(new Dictionary<string, string>(graph.Metadata));
}
