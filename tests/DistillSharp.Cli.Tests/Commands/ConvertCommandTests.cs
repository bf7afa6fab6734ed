using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Tasks;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Handwritten;

namespace DistillSharp.Cli.Tests.Commands;

public sealed class ConvertCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_normalisation_is_folded_the_outputs_compared_and_both_sizes_told()
    {
        OnnxFile.Save(Net(), _folder["m.onnx"]);

        string output = Convert("--pass", "fold-batch-norm").Done().Output;

        Assert.Contains("FoldBatchNorm: 1 BatchNormalization folded", output, StringComparison.Ordinal);
        Assert.Matches(@"y: (the same|largest difference \d\.\de-\d+)", output);
        Assert.Matches(@"nodes\s+5\s+4", output);
        Assert.DoesNotContain(Written.Nodes, node => node.Operation == "BatchNormalization");
    }

    [Fact]
    public void Passes_are_applied_in_the_order_given()
    {
        OnnxFile.Save(Net(), _folder["m.onnx"]);

        string output = Convert("--pass", "insert-batch-norm", "--pass", "fold-batch-norm", "--pass", "insert-batch-norm").Done().Output;

        Assert.Matches(@"InsertBatchNorm: nothing to do\s+FoldBatchNorm: 1 [^\n]*\s+InsertBatchNorm: 1 ", output);
    }

    [Fact]
    public void A_change_of_the_outputs_is_told_and_nothing_is_written()
    {
        // Eleven bits of precision cannot leave the outputs what they were.
        OnnxFile.Save(Net(), _folder["m.onnx"]);

        Convert("--float16", "--tolerance", "0").Refused(1, "changed by more than a share of 0", "--no-check");
        Assert.False(File.Exists(_folder["out.onnx"]));
        Convert("--float16", "--tolerance", "0", "--no-check").Done();
        Assert.True(File.Exists(_folder["out.onnx"]));
    }

    [Fact]
    public void Names_batch_taps_operator_set_and_half_precision_come_together()
    {
        OnnxFile.Save(Net(opset: 13, batch: 1), _folder["m.onnx"]);

        string output = Convert("--opset", "17", "--tap", "r", "--dynamic-batch", "--rename", "x=picture", "--rename", "y=classes", "--float16").Done().Output;

        var graph = Written;
        Assert.Equal((17, "picture"), (graph.Opset, graph.Inputs[0].Name));
        Assert.Null(graph.Inputs[0].Shape![0].Size);
        Assert.Equal(["classes", "r"], graph.Outputs.Select(value => value.Name));
        Assert.Contains(graph.Initializers, initializer => initializer.Data.Type == ElementType.Float16);
        Assert.Matches(@"classes: largest difference .*\n\s+r: largest difference", output);
        Assert.Matches(@"operator set\s+13\s+17", output);
    }

    [Fact]
    public void A_part_is_cut_out_and_fed_what_the_whole_model_computes()
    {
        OnnxFile.Save(Net(), _folder["m.onnx"]);

        string output = Convert("--from", "b", "--to", "r").Done().Output;

        Assert.Equal("b", Assert.Single(Written.Inputs).Name);
        Assert.Equal("r", Assert.Single(Written.Outputs).Name);
        Assert.Single(Written.Nodes);
        Assert.Contains("fed 'b' [1, 3, 4, 4]", output, StringComparison.Ordinal);
        Assert.Contains("r: the same", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bytes-nhwc", ElementType.UInt8, 4, 2)]
    [InlineData("bytes-nchw", ElementType.UInt8, 2, 4)]
    [InlineData("floats-nhwc", ElementType.Float32, 4, 2)]
    [InlineData("floats-nchw", ElementType.Float32, 2, 4)]
    public void Pictures_are_normalised_in_the_graph_and_compared_by_hand(string form, ElementType type, long second, long last)
    {
        OnnxFile.Save(Net(), _folder["m.onnx"]);

        string output = Convert("--embed-preprocessing", form, "--mean", "0.2,0.4", "--std", "0.5,0.25").Done().Output;

        var input = Written.Inputs[0];
        Assert.Equal((type, second, last), (input.Type, input.Shape![1].Size!.Value, input.Shape[3].Size!.Value));
        Assert.Matches(@"y: (the same|largest difference \d\.\de-\d+)", output);
    }

    [Fact]
    public void A_softmax_is_cut_off_and_compared_through_one()
    {
        OnnxFile.Save(new Sketch().Input("x", Dimension.Named("n"), 4).Weight("w", 4, 3).Node("MatMul", "x,w", "z").Node("Softmax", "z", "y").Output("y", Dimension.Named("n"), 3).Graph, _folder["m.onnx"]);

        Assert.Matches(@"y: (the same|largest difference \d\.\de-\d+)", Convert("--pass", "cut-softmax").Done().Output);
        Assert.Equal("MatMul", Assert.Single(Written.Nodes).Operation);
    }

    [Fact]
    public void Channels_last_are_turned_and_compared_in_their_own_order()
    {
        OnnxFile.Save(new Sketch().Input("x", Dimension.Named("n"), 2, 4, 3).Weight("w", 24, 5).Node("Flatten", "x", "f").Node("MatMul", "f,w", "y").Output("y", Dimension.Named("n"), 5).Graph, _folder["m.onnx"]);

        Assert.Contains("y: the same", Convert("--pass", "channels-first").Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_size_is_fixed_and_another_one_asked_for_where_it_is_needed_to_compare()
    {
        OnnxFile.Save(new Sketch().Input("x", Dimension.Named("n"), Dimension.Named("length"), 4).Weight("w", 4, 3).Node("MatMul", "x,w", "y").Output("y").Graph, _folder["m.onnx"]);

        Assert.Contains("were not compared", Convert("--pass", "remove-dead").Done().Errors, StringComparison.Ordinal);
        Assert.Contains("'x' [1, 6, 4]", Convert("--pass", "remove-dead", "--shape", "x=1x6x4").Done().Output, StringComparison.Ordinal);
        Assert.Contains("'x' [1, 5, 4]", Convert("--fix-size", "length=5").Done().Output, StringComparison.Ordinal);
        Assert.Equal(5, Written.Inputs[0].Shape![1].Size);
    }

    [Fact]
    public void A_card_is_written_into_a_strangers_file()
    {
        OnnxFile.Save(Net(), _folder["m.onnx"]);
        _folder.Write("names.txt", "cat\ndog\n\nowl\n");

        Convert("--names", _folder["names.txt"], "--mean", "0.5", "--std", "0.2,0.3").Done();

        var card = ModelCard.FromMetadata(new Dictionary<string, string>(Written.Metadata))!;
        Assert.Equal(["cat", "dog", "owl"], card.ClassNames);
        Assert.Equal((2, 4, 4), (card.Input.Channels, card.Input.Height, card.Input.Width));
        Assert.Equal([0.5f, 0.5f], card.Input.Mean);
        Assert.Equal([0.2f, 0.3f], card.Input.Deviation);
        Assert.Contains("cat, dog, owl", DistillCommand.Run("info", _folder["out.onnx"]).Done().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cat\ndog", "There are 2 class names")]
    [InlineData("", "names no class")]
    public void Names_that_do_not_fit_are_refused(string names, string message)
    {
        OnnxFile.Save(Net(), _folder["m.onnx"]);
        _folder.Write("names.txt", names);

        Convert("--names", _folder["names.txt"], "--mean", "0.5", "--std", "0.2").Refused(2, message);
        Assert.False(File.Exists(_folder["out.onnx"]));
    }

    public static TheoryData<int, string, string[]> Mistakes => new()
    {
        { 2, "There is nothing to do", [] },
        { 2, "Did you mean 'fold-batch-norm'?", ["--pass", "fold-batchnorm"] },
        { 2, "--opset takes a whole number, but 'new' was given", ["--opset", "new"] },
        { 2, "Operator sets up to 21 are written", ["--opset", "1000000"] },
        { 2, "it can be raised, but not lowered to 12", ["--opset", "12"] },
        { 2, "Operator sets up to 21 are written", ["--opset", "99"] },
        { 2, "--rename takes an old and a new name", ["--rename", "x"] },
        { 1, "There is no value named 'nothing'", ["--rename", "nothing=z"] },
        { 1, "No node makes 'nothing'", ["--tap", "nothing"] },
        { 1, "There is no value named 'nothing' to cut at", ["--to", "nothing"] },
        { 1, "none is free", ["--fix-size", "n=2"] },
        { 2, "--fix-size takes a name and a size", ["--fix-size", "n=two"] },
        { 2, "give --mean and --std", ["--embed-preprocessing", "bytes-nhwc"] },
        { 2, "Did you mean 'bytes-nhwc'?", ["--embed-preprocessing", "byte-nhwc"] },
        { 2, "--mean takes numbers", ["--embed-preprocessing", "bytes-nhwc", "--mean", "grey", "--std", "1"] },
        { 2, "--shape takes a name and sizes", ["--pass", "untie", "--shape", "x=1x-3"] },
        { 2, "--tolerance is a share", ["--pass", "untie", "--tolerance", "7"] },
        { 2, "A card needs the classes' names", ["--mean", "0.5"] },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_answered_in_a_sentence_and_nothing_is_written(int code, string message, string[] arguments)
    {
        OnnxFile.Save(Net(batch: 1), _folder["m.onnx"]);

        Convert(arguments).Refused(code, message);
        Assert.False(File.Exists(_folder["out.onnx"]));
    }

    [Fact]
    public void The_model_itself_is_never_overwritten_and_a_folder_must_be_there()
    {
        OnnxFile.Save(Net(), _folder["m.onnx"]);

        DistillCommand.Run("convert", _folder["m.onnx"], "--out", _folder["m.onnx"], "--pass", "untie").Refused(2, "is the model itself");
        DistillCommand.Run("convert", _folder["m.onnx"], "--out", _folder["absent", "o.onnx"], "--pass", "untie").Refused(2, "its folder does not exist");
        DistillCommand.Run("convert", _folder["absent.onnx"], "--out", _folder["o.onnx"], "--pass", "untie").Refused(1, "does not exist");
    }

    private ModelGraph Written => OnnxFile.Load(_folder["out.onnx"]);

    private CommandResult Convert(params string[] arguments) => DistillCommand.Run(["convert", _folder["m.onnx"], "--out", _folder["out.onnx"], .. arguments]);

    private static ModelGraph Net(int opset = 17, Dimension? batch = null)
    {
        var n = batch ?? Dimension.Named("n");
        return new Sketch(opset).Input("x", n, 2, 4, 4).Weight("w", 3, 2, 1, 1).Floats("scale", [3], 1, 2, 3).Floats("shift", [3], 0, 1, 2).Floats("mean", [3], 0.5f, 0.5f, 0.5f).Floats("variance", [3], 1, 2, 3).Weight("v", 48, 3)
            .Node("Conv", "x,w", "c").Node("BatchNormalization", "c,scale,shift,mean,variance", "b").Node("Relu", "b", "r").Node("Flatten", "r", "f").Node("MatMul", "f,v", "y").Output("y", n, 3).Graph;
    }
}
