using DistillSharp.Graph.Format;
using DistillSharp.Graph.Zoo;
using DistillSharp.TestKit;

namespace DistillSharp.Graph.Tests.Format;

public sealed class OnnxFileTests
{
    [Fact]
    public void Everything_a_graph_holds_survives_a_file()
    {
        using var folder = new TemporaryFolder();
        var graph = SampleGraphs.WithEverything();

        OnnxFile.Save(graph, folder["model.onnx"]);

        GraphAssert.Equal(graph, OnnxFile.Load(folder["model.onnx"]));
    }

    [Fact]
    public void Writing_does_not_change_the_graph_and_gives_the_same_bytes_again()
    {
        var graph = SampleGraphs.WithEverything();

        byte[] once = OnnxFile.Serialize(graph);
        byte[] again = OnnxFile.Serialize(OnnxFile.Load(OnnxFile.Serialize(graph)));

        GraphAssert.Equal(SampleGraphs.WithEverything(), graph);
        Assert.Equal(once, again);
    }

    [Fact]
    public void A_file_is_replaced_whole_and_nothing_is_left_beside_it()
    {
        using var folder = new TemporaryFolder();
        folder.Write("model.onnx", new byte[1_000_000]);

        OnnxFile.Save(LeNet.Create(new()), folder["model.onnx"]);

        Assert.Equal([folder["model.onnx"]], Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal("lenet5", OnnxFile.Load(folder["model.onnx"]).Name);
    }

    [Theory]
    [InlineData(17, 8)]
    [InlineData(18, 8)]
    [InlineData(19, 9)]
    [InlineData(21, 10)]
    public void The_format_version_is_the_one_published_with_the_operator_set(int opset, long version)
    {
        var graph = LeNet.Create(new());
        graph.Opset = opset;

        var file = ModelProto.Parser.ParseFrom(OnnxFile.Serialize(graph));

        Assert.Equal(version, file.IrVersion);
        Assert.Equal(opset, file.OpsetImport.Single().Version);
        Assert.Equal("DistillSharp", file.ProducerName);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void A_truncated_file_is_refused_by_name(int length)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("cut.onnx", OnnxFile.Serialize(LeNet.Create(new()))[..length]);

        var error = Assert.Throws<GraphException>(() => OnnxFile.Load(path));

        Assert.StartsWith($"'{path}' cannot be read as an ONNX model: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(length == 0 ? "no graph, so it is no ONNX model" : "truncated", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_kind_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("picture.onnx", "\u0089PNG\r\n\u001a\n and so on");

        Assert.Contains("picture.onnx", Assert.Throws<GraphException>(() => OnnxFile.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error_of_the_disk() => Assert.Throws<FileNotFoundException>(() => OnnxFile.Load(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString())));

    [Theory]
    [InlineData(0)]
    [InlineData(22)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void An_operator_set_that_is_not_read_is_refused_with_what_is(long opset)
    {
        var model = ForeignModel.Create(ForeignModel.Node("Relu", ["x"], "y"));
        model.OpsetImport[0].Version = opset;

        Assert.Equal($"the file is written for operator set {opset}; 7 to 21 are read. Export it again for one of these.", model.Refusal());
    }

    [Theory]
    [InlineData(7)]
    [InlineData(21)]
    public void The_lowest_and_the_highest_operator_set_are_read(int opset)
    {
        var model = ForeignModel.Create(ForeignModel.Node("Relu", ["x"], "y"));
        model.OpsetImport[0] = new() { Domain = "ai.onnx", Version = opset };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 3 });

        var graph = model.Load();

        Assert.Equal(opset, graph.Opset);
        Assert.Equal(new KeyValuePair<string, long>("ai.onnx.ml", 3), Assert.Single(graph.OtherOpsets));
    }

    [Fact]
    public void An_older_operator_set_is_read_if_its_operators_mean_the_same()
    {
        var model = ForeignModel.Create(ForeignModel.Node("Relu", ["x"], "y"));
        model.OpsetImport[0].Version = 1;

        Assert.Equal(7, model.Load().Opset);
    }

    [Fact]
    public void An_older_operator_set_is_refused_by_an_operator_that_has_changed()
    {
        var model = ForeignModel.Create(ForeignModel.Node("LSTM", ["x", "x"], "y"));
        model.OpsetImport[0].Version = 6;

        Assert.Contains("operator set 6, in which LSTM 'lstm_of_y' may mean something else; 7 to 21 are read", model.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_an_operator_set_is_refused()
    {
        var model = ForeignModel.Create(ForeignModel.Node("Relu", ["x"], "y"));
        model.OpsetImport.Clear();

        Assert.Contains("no operator set", model.Refusal(), StringComparison.Ordinal);
    }
}
