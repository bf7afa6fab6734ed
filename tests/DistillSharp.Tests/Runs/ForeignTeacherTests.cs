using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Recipes;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Data.Glyphs;
using DistillSharp.Teachers;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Handwritten;

namespace DistillSharp.Tests.Runs;

/// <summary>Teachers that are files of somebody else's. All hold one and the same trained network, behind another size, colour and normalisation, or with other answers.</summary>
public sealed class ForeignTeacherTests : IClassFixture<ForeignTeacherTests.Trained>
{
    private static readonly ImageDataset s_data = new GlyphsFormat(new() { Train = 300, Test = 200 }).Open(new());
    private static readonly double[] s_mean = [0.2, 0.4, 0.6], s_std = [0.5, 0.25, 2];
    private readonly Trained _trained;

    public ForeignTeacherTests(Trained trained) => _trained = trained;

    [Fact]
    public void A_teacher_of_colour_and_twice_the_size_is_shown_what_the_recipe_says_it_wants()
    {
        using var folder = new TemporaryFolder();
        OnnxFile.Save(Large(_trained.Graph()), folder["t.onnx"]);

        var (result, log) = Run(folder, new() { Weights = folder["t.onnx"], Mean = s_mean, Std = s_std });

        // Scaling up and down again blurs a little.
        Assert.Equal(_trained.Top1, result.Report.Variants[0].Seeds[0].Score.Top1, 0.08);
        Assert.DoesNotContain(log.Lines, line => line.Contains("carries no card", StringComparison.Ordinal));
        var again = RecipeReader.Load(folder["run", "recipe.yaml"]).Teacher;
        Assert.Equal(s_mean, again.Mean!);
        Assert.Equal(s_std, again.Std!);
    }

    [Fact]
    public void Another_normalisation_than_it_wants_is_seen_in_its_score()
    {
        using var folder = new TemporaryFolder();
        OnnxFile.Save(Large(_trained.Graph()), folder["t.onnx"]);

        var (result, _) = Run(folder, new() { Weights = folder["t.onnx"], Mean = [1], Std = [0.05], AllowWeak = true });

        double top1 = result.Report.Variants[0].Seeds[0].Score.Top1;
        double chance = TeacherCheck.ChanceBound(10, 200);
        Assert.True(top1 <= chance && chance < _trained.Top1, $"{top1:P2} of {_trained.Top1:P2}");
    }

    [Fact]
    public void Without_a_word_another_size_is_refused_with_the_keys_that_say_it()
    {
        using var folder = new TemporaryFolder();
        OnnxFile.Save(Large(_trained.Graph()), folder["t.onnx"]);

        var error = Assert.Throws<DataException>(() => Run(folder, new() { Weights = folder["t.onnx"] }));

        Assert.All(["[?, 3, 56, 56]", "[batch, 1, 28, 28]", "teacher.mean"], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        error = Assert.Throws<DataException>(() => Run(folder, new() { Weights = folder["t.onnx"], Size = [32] }, "two"));
        Assert.Contains("teacher.size says 32x32, but the file takes pictures of 56x56", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_teacher_for_one_picture_answers_in_pieces_and_scores_the_same()
    {
        using var folder = new TemporaryFolder();
        var graph = _trained.Graph();
        graph.Inputs[0] = graph.Inputs[0] with { Shape = [1, .. graph.Inputs[0].Shape!.Skip(1)] };
        graph.Outputs[0] = graph.Outputs[0] with { Shape = [1, 10] };
        graph.KnownValues.Clear();
        OnnxFile.Save(graph, folder["t.onnx"]);

        var (result, log) = Run(folder, new() { Weights = folder["t.onnx"] });

        Assert.Equal(_trained.Top1, result.Report.Variants[0].Seeds[0].Score.Top1);
        Assert.Contains(log.Lines, line => line.Contains("for batches of 1", StringComparison.Ordinal));
    }

    [Fact]
    public void A_teacher_that_answers_probabilities_teaches_what_its_logits_would()
    {
        using var folder = new TemporaryFolder();
        var plain = _trained.Graph();
        OnnxFile.Save(plain, folder["logits.onnx"]);
        var soft = plain.Clone();
        soft.Nodes[^1].Outputs[0] = "before";
        soft.Nodes.Add(new GraphNode("Softmax", ["before"], ["logits"]));
        soft.KnownValues.Clear();
        OnnxFile.Save(soft, folder["soft.onnx"]);

        var (logits, _) = Run(folder, new() { Weights = folder["logits.onnx"] }, "one");
        var (probabilities, log) = Run(folder, new() { Weights = folder["soft.onnx"] }, "two");

        Assert.Contains(log.Lines, line => line.Contains("answers probabilities", StringComparison.Ordinal));
        var (a, b) = (logits.Report.Find("distilled")!.Seeds[0], probabilities.Report.Find("distilled")!.Seeds[0]);
        Assert.Equal(a.Score.Nll, b.Score.Nll, 1e-3);
        Assert.Equal(logits.Report.Variants[0].Seeds[0].Score.Nll, probabilities.Report.Variants[0].Seeds[0].Score.Nll, 1e-4);
    }

    [Fact]
    public void A_teacher_that_ends_in_a_sigmoid_is_remarked_upon()
    {
        using var folder = new TemporaryFolder();
        var graph = _trained.Graph();
        graph.Nodes[^1].Outputs[0] = "before";
        graph.Nodes.Add(new GraphNode("Sigmoid", ["before"], ["logits"]));
        graph.KnownValues.Clear();
        OnnxFile.Save(graph, folder["t.onnx"]);

        var (_, log) = Run(folder, new() { Weights = folder["t.onnx"], AllowWeak = true });

        Assert.Contains(log.Lines, line => line.Contains("ends in a Sigmoid", StringComparison.Ordinal));
    }

    [Fact]
    public void A_teacher_with_the_channels_last_is_refused_with_the_pass_that_turns_it()
    {
        using var folder = new TemporaryFolder();
        var sketch = new Sketch().Input("x", Dimension.Named("n"), 28, 28, 1).Weight("w", 784, 10).Node("Flatten", "x", "f").Node("MatMul", "f,w", "y").Output("y", Dimension.Named("n"), 10);
        OnnxFile.Save(sketch.Graph, folder["t.onnx"]);

        Assert.Contains("--pass channels-first", Assert.Throws<DataException>(() => Run(folder, new() { Weights = folder["t.onnx"] })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_teacher_that_lists_the_classes_in_another_order_scores_and_teaches_by_name(bool behindRelu)
    {
        using var folder = new TemporaryFolder();
        var graph = _trained.Graph();
        int[] turned = [.. Enumerable.Range(0, 10).Reverse()];
        string[] names = [.. turned.Select(label => s_data.ClassNames[label])];
        graph = new Graph.Passes.ReorderClassesPass(turned).Apply(graph).Graph;
        if (behindRelu)
        {
            // Nothing can be moved into a layer behind which something else stands.
            string logits = graph.Outputs[0].Name;
            graph.Nodes.Add(new("Abs", [logits], ["magnitude"]));
            graph.Nodes.Add(new("Add", [logits, "magnitude"], ["y"]));
            graph.Outputs[0] = new("y", ElementType.Float32, graph.Outputs[0].Shape);
        }

        foreach (var (key, value) in new Tasks.ModelCard("classification", names, s_data.Input).ToMetadata())
        {
            graph.Metadata[key] = value;
        }

        OnnxFile.Save(graph, folder["t.onnx"]);

        var (result, log) = Run(folder, new() { Weights = folder["t.onnx"] });

        Assert.Equal(_trained.Top1, result.Report.Variants[0].Seeds[0].Score.Top1, behindRelu ? 0.03 : 1e-9);
        Assert.Contains(log.Lines, line => line.Contains("the teacher lists the data's classes in another order", StringComparison.Ordinal));
        Assert.Equal(behindRelu, OnnxFile.Load(folder["run", $"seed-{TinyRun.Recipe.Seed}", "teacher", "weights", "reordered.onnx"]).Nodes.Any(node => node.Operation == "Gather"));
    }

    [Fact]
    public void Classes_that_the_file_does_not_tell_are_counted_before_anything_is_trained()
    {
        using var folder = new TemporaryFolder();
        var sketch = new Sketch().Input("x", Dimension.Named("n"), 1, 28, 28).Weight("w", 784, 12).Node("Flatten", "x", "f").Node("MatMul", "f,w", "y").Output("y", Dimension.Named("n"), Dimension.Named("classes"));
        OnnxFile.Save(sketch.Graph, folder["t.onnx"]);

        Assert.Contains("tells 12 classes apart", Assert.Throws<DataException>(() => Run(folder, new() { Weights = folder["t.onnx"], AllowWeak = true })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_detector_is_no_teacher_of_a_classifier()
    {
        using var folder = new TemporaryFolder();
        OnnxFile.Save(ColourDetector.Create(1, (64, 64), "planes", ColourDetector.Metadata), folder["t.onnx"]);

        Assert.Contains("The teacher is a detector", Assert.Throws<DataException>(() => Run(folder, new() { Weights = folder["t.onnx"], AllowWeak = true })).Message, StringComparison.Ordinal);
    }

    private static (DistillerResult Result, Log Log) Run(TemporaryFolder folder, TeacherSettings teacher, string name = "run")
    {
        var log = new Log();
        return (Distiller.Run(TinyRun.Recipe with { Teacher = teacher, Control = false }, new() { Folder = folder[name], Log = log }, TestContext.Current.CancellationToken), log);
    }

    /// <summary>The network behind colour pictures of 56 x 56 that are normalised otherwise: undone, averaged to half the size and to grey, and normalised as it was trained.</summary>
    private static ModelGraph Large(ModelGraph trained)
    {
        float[] Floats(IEnumerable<double> values) => [.. values.Select(value => (float)value)];
        var sketch = new Sketch().Input("photo", Dimension.Named("n"), 3, 56, 56)
            .Floats("own_std", [1, 3, 1, 1], Floats(s_std)).Floats("own_mean", [1, 3, 1, 1], Floats(s_mean)).Floats("data_mean", [1, 1, 1, 1], s_data.Input.Mean[0]).Floats("data_std", [1, 1, 1, 1], s_data.Input.Deviation[0])
            .Node("Mul", "photo,own_std", "p1").Node("Add", "p1,own_mean", "p2")
            .Node("AveragePool", "p2", "p3", ("kernel_shape", new IntsValue([2, 2])), ("strides", new IntsValue([2, 2])))
            .Node("ReduceMean", "p3", "p4", ("axes", new IntsValue([1])), ("keepdims", new IntValue(1)))
            .Node("Sub", "p4,data_mean", "p5").Node("Div", "p5,data_std", "input");
        foreach (var node in trained.Nodes)
        {
            sketch.Graph.Nodes.Add(node);
        }

        foreach (var initializer in trained.Initializers)
        {
            sketch.Graph.Add(initializer);
        }

        return sketch.Output("logits", Dimension.Named("n"), 10).Graph;
    }

    /// <summary>A teacher trained once, as a file without a card.</summary>
    public sealed class Trained : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly string _path;

        public Trained()
        {
            var result = Distiller.Run(TinyRun.Recipe with { Data = TinyRun.Recipe.Data with { Set = new("glyphs", new GlyphsOptions { Train = 2_000, Test = 200 }) }, Teacher = new(), Student = new() { Model = TinyRun.Recipe.Teacher.Model }, Training = TinyRun.Recipe.Teacher.Training! with { Epochs = 12, WarmupEpochs = 0, ClipNorm = 0 } }, new() { Folder = _folder["run"] }, TestContext.Current.CancellationToken);
            (_path, Top1) = (result.StudentPath, result.Report.Variants[0].Seeds[0].Score.Top1);
        }

        public double Top1 { get; }

        public ModelGraph Graph()
        {
            var graph = OnnxFile.Load(_path);
            graph.Metadata.Clear();
            return graph;
        }

        public void Dispose() => _folder.Dispose();
    }
}
