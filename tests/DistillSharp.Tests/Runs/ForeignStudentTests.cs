using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Recipes;
using DistillSharp.Runtime;
using DistillSharp.Tasks.Data;
using DistillSharp.Teachers;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Handwritten;

namespace DistillSharp.Tests.Runs;

/// <summary>Students that are files of somebody else's: without card and flags, in the forms that exporters write.</summary>
public sealed class ForeignStudentTests
{
    private static readonly Recipe s_alone = TinyRun.Recipe with { Teacher = new() };
    private static readonly Recipe s_long = s_alone with { Training = s_alone.Training with { Epochs = 40 } };

    [Theory]
    [InlineData("fixed batch")]
    [InlineData("ir 3")]
    [InlineData("operator set 8")]
    [InlineData("float16")]
    [InlineData("external")]
    public void A_strangers_file_is_trained_and_written_with_a_card(string form)
    {
        using var folder = new TemporaryFolder();
        string path = folder["s.onnx"];
        switch (form)
        {
            case "external":
                ForeignFile.SaveExternal(Net(Dimension.Named("n")), path);
                break;
            case "float16":
                File.WriteAllBytes(path, ForeignFile.Write(new Float16Pass(new() { KeepInputsAndOutputs = false }).Apply(Net(Dimension.Named("n"))).Graph));
                break;
            default:
                File.WriteAllBytes(path, ForeignFile.Write(Net(form == "fixed batch" ? 1 : Dimension.Named("n"), form == "operator set 8" ? 8 : 17), form == "ir 3" ? 3 : 8));
                break;
        }

        byte[] given = File.ReadAllBytes(path);
        var (result, log) = Run(folder, s_long with { Student = new() { Weights = path } });

        var variant = Assert.Single(result.Report.Variants);
        using var session = ModelSession.Open(result.StudentPath, new() { Threads = 1 });
        Assert.Equal(10, session.Card!.ClassNames.Count);
        Assert.Null(session.FixedBatchSize);

        // Three standard deviations above a tenth.
        double top1 = variant.Seeds[0].Score.Top1;
        Assert.True(top1 > TeacherCheck.ChanceBound(10, 200), $"{top1:P2}");
        Assert.Equal(given, File.ReadAllBytes(path));
        Assert.Equal(form == "fixed batch", log.Lines.Any(line => line.Contains("exported for a batch of 1", StringComparison.Ordinal)));
        Assert.Equal(form == "float16", log.Lines.Any(line => line.Contains("trained as float32", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_softmax_at_the_end_is_cut_off_and_said()
    {
        using var folder = new TemporaryFolder();
        OnnxFile.Save(Net(Dimension.Named("n"), last: "Softmax"), folder["s.onnx"]);

        var (result, log) = Run(folder, s_alone with { Student = new() { Weights = folder["s.onnx"] } });

        Assert.Contains(log.Lines, line => line.Contains("ends in a Softmax", StringComparison.Ordinal));
        Assert.DoesNotContain(OnnxFile.Load(result.StudentPath).Nodes, node => node.Operation == "Softmax");
        Assert.Equal("y", OnnxFile.Load(result.StudentPath).Outputs[0].Name);
    }

    [Fact]
    public void A_sigmoid_at_the_end_is_refused_with_the_way_out() =>
        Refused(Net(Dimension.Named("n"), last: "Sigmoid"), "ends in Sigmoid 'make_y'", "--to logits");

    [Fact]
    public void Channels_in_the_last_place_are_refused_with_the_pass_that_turns_them() =>
        Refused(new Sketch().Input("x", Dimension.Named("n"), 28, 28, 1).Weight("w", 784, 10).Node("Flatten", "x", "f").Node("MatMul", "f,w", "y").Output("y", Dimension.Named("n"), 10).Graph, "the channels last", "--pass channels-first");

    [Fact]
    public void A_file_of_two_inputs_is_refused() =>
        Refused(new Sketch().Input("x", Dimension.Named("n"), 1, 28, 28).Input("z", Dimension.Named("n"), 10).Weight("w", 784, 10).Node("Flatten", "x", "f").Node("MatMul", "f,w", "a").Node("Add", "a,z", "y").Output("y").Graph, "takes 2 inputs", "x: Float32");

    [Fact]
    public void A_file_that_takes_bytes_is_refused() =>
        Refused(new Sketch().Input("x", ElementType.UInt8, Dimension.Named("n"), 1, 28, 28).Weight("w", 784, 10).Node("Cast", "x", "c", ("to", new IntValue(1))).Node("Flatten", "c", "f").Node("MatMul", "f,w", "y").Output("y").Graph, "pictures are floats");

    [Fact]
    public void A_file_that_does_not_tell_its_classes_is_tried_and_refused_with_both_numbers() =>
        Refused(new Sketch().Input("x", Dimension.Named("n"), 1, 28, 28).Weight("w", 784, 7).Node("Flatten", "x", "f").Node("MatMul", "f,w", "y").Output("y").Graph, "answers [2, 7]", "[2, 10]");

    [Fact]
    public void An_operator_that_does_not_train_is_refused_before_anything_is_written() =>
        Refused(new Sketch().Input("x", Dimension.Named("n"), 1, 28, 28).Weight("w", 784, 10).Node("Flatten", "x", "f").Node("MatMul", "f,w", "a").Node("Glorious", "a", "y").Output("y").Graph, "Glorious 'make_y'");

    [Fact]
    public void A_file_for_other_pictures_is_fitted_to_where_its_size_is_said()
    {
        using var folder = new TemporaryFolder();
        var sketch = new Sketch().Input("x", Dimension.Named("n"), 3, 14, 14).Weight("w", 588, 10).Node("Flatten", "x", "f").Node("MatMul", "f,w", "y").Output("y", Dimension.Named("n"), 10);
        OnnxFile.Save(sketch.Graph, folder["s.onnx"]);

        var error = Assert.Throws<DataException>(() => Run(folder, s_alone with { Student = new() { Weights = folder["s.onnx"] } }));
        Assert.Contains("student.size", error.Message, StringComparison.Ordinal);

        var (result, _) = Run(folder, s_alone with { Student = new() { Weights = folder["s.onnx"], Size = [14], Mean = [0.5], Std = [0.2, 0.3, 0.4] } });
        using var session = ModelSession.Open(result.StudentPath, new() { Threads = 1 });
        var input = session.Card!.Input;
        Assert.Equal((3, 14, 14), (input.Channels, input.Height, input.Width));
        Assert.Equal([0.5f, 0.5f, 0.5f], input.Mean);
        Assert.Equal([0.2f, 0.3f, 0.4f], input.Deviation);
    }

    private static (DistillerResult Result, Log Log) Run(TemporaryFolder folder, Recipe recipe)
    {
        var log = new Log();
        return (Distiller.Run(recipe, new() { Folder = folder["run"], Log = log }, TestContext.Current.CancellationToken), log);
    }

    private static void Refused(ModelGraph student, params string[] parts)
    {
        using var folder = new TemporaryFolder();
        OnnxFile.Save(student, folder["s.onnx"]);
        var diary = new Diary();

        var error = Assert.Throws<DataException>(() => folder.Run(s_alone with { Student = new() { Weights = folder["s.onnx"] } }, diary));

        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.Empty(diary.Trained);
        Assert.False(Directory.Exists(folder["run"]));
    }

    private static ModelGraph Net(Dimension batch, int opset = 17, string? last = null)
    {
        var sketch = new Sketch(opset).Input("x", batch, 1, 28, 28).Weight("w1", 784, 32).Weight("w2", 32, 10);
        sketch = batch.Size is { } size ? sketch.Longs("flat", size, 784).Node("Reshape", "x,flat", "f") : sketch.Node("Flatten", "x", "f");
        sketch = sketch.Node("MatMul", "f,w1", "h").Node("Relu", "h", "r").Node("MatMul", "r,w2", last is null ? "y" : "logits");
        return (last is null ? sketch : sketch.Node(last, "logits", "y")).Output("y", batch, 10).Graph;
    }
}
