using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis.Roles;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Plugins;
using DistillSharp.Runs;
using DistillSharp.TestKit.Handwritten;
using DistillSharp.Trainability;
using DistillSharp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Training;

/// <summary>What training does with parameters of each role, in files as exporters write them.</summary>
public sealed class ParameterRolesTests
{
    [Fact]
    public void A_transformers_biases_scales_slopes_and_positions_train_and_weights_alone_decay()
    {
        var graph = Read(Transformer());
        using var executor = new GraphExecutor(graph);

        Assert.Equal(
            [
                ("conv", ParameterRole.Weight), ("lin", ParameterRole.Weight), ("fc", ParameterRole.Weight),
                ("slope", ParameterRole.Scale), ("gamma", ParameterRole.Scale), ("pos", ParameterRole.Embedding),
                ("lin.bias", ParameterRole.Bias), ("fc.bias", ParameterRole.Bias),
            ],
            executor.Weights.Parameters.Select(parameter => (parameter.Name, parameter.Role)));
        Assert.Equal((4 * 3 * 9) + 16 + (4 * 3), executor.Weights.DecayedCount);
        Assert.Equal(4 + 3, executor.Weights.BiasCount);
        Assert.All(TrainabilityProof.Of(graph).Weights, weight => Assert.True(weight.Trains, weight.ToString()));
        Assert.False(graph.FindInitializer("mean")!.Trainable);
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("adamw")]
    public void Without_gradients_a_step_shrinks_weights_and_leaves_the_rest(string key)
    {
        using var executor = new GraphExecutor(Read(Transformer()));
        using var before = executor.Weights.Values.clone();
        using Optimizer optimizer = key == "sgd" ? new SgdOptimizer(new() { WeightDecay = 0.1 }) : new AdamWOptimizer(new() { WeightDecay = 0.1 });

        optimizer.Step(executor.Weights, executor.Gradients, factor: 1, step: 0);

        foreach (var parameter in executor.Weights.Parameters)
        {
            using var old = FlatBuffer.View(before, parameter);
            using var now = FlatBuffer.View(executor.Weights.Values, parameter);
            Assert.Equal(parameter.Role != ParameterRole.Weight, now.equal(old).all().ToBoolean());
        }
    }

    [Fact]
    public void A_runs_notes_list_what_stays_frozen_and_why()
    {
        var student = StudentFile.Prepare("s.onnx", Read(Transformer()));

        Assert.Contains(student.Notes, note => note.Contains("'mean' meets only the input", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ones,zeros,zeros,ones", "ones,zeros,zeros,ones")]
    [InlineData("g1,b1,mean,var", "g2,b2,mean,var")]
    public void Statistics_that_an_exporter_merged_train_as_those_of_their_own(string first, string second)
    {
        var merged = StudentFile.Prepare("s.onnx", Norms(first, second)).Graph;
        var apart = Norms("g1,b1,m1,v1", "g2,b2,m2,v2");
        using var x = torch.randn([6, 3, 4, 4], generator: new Generator(7));

        Assert.Equal(Moved(apart, x), Moved(merged, x));
    }

    [Theory]
    [InlineData("ones,zeros,zeros,ones", "ones,zeros,zeros,ones")]
    [InlineData("g1,b1,mean,var", "g2,b2,mean,var")]
    public void Shared_statistics_are_refused_in_a_clear_sentence_and_untied_files_train(string first, string second)
    {
        var graph = Norms(first, second);

        string message = Assert.Throws<GraphException>(() => new GraphExecutor(graph)).Message;
        Assert.Contains("--pass untie", message, StringComparison.Ordinal);

        var untied = OnnxFile.Load(OnnxFile.Serialize(new UntiePass(new()).Apply(graph).Graph));
        Assert.Equal(TrainabilityVerdict.Proved, TrainabilityProof.Of(untied).Verdict);
        using var executor = new GraphExecutor(untied);
        Assert.Equal(4, executor.Statistics.Parameters.Count);
    }

    [Fact]
    public void In_the_zoo_weights_are_the_matrices_and_filters_and_what_layers_and_norms_add_are_biases()
    {
        foreach (var entry in PluginCatalogs.BuiltIn.Models.All.Where(entry => entry.Task == "classification" || entry.Key == "yolo11n"))
        {
            var graph = PluginCatalogs.BuiltIn.Models.Build(entry.Key, (Graph.Zoo.ModelOptions)Activator.CreateInstance(entry.OptionsType)!);
            var biases = graph.Nodes.Where(node => node.Operation is "Conv" or "ConvTranspose" or "Gemm" or "BatchNormalization").Select(node => node.InputOrNull(2)).ToHashSet();
            foreach (var parameter in ParameterRoles.Of(graph).All.Where(parameter => parameter.Trains))
            {
                var expected = graph.FindInitializer(parameter.Name)!.Data.Shape.Count >= 2 ? ParameterRole.Weight : biases.Contains(parameter.Name) ? ParameterRole.Bias : ParameterRole.Scale;
                Assert.True(parameter.Role == expected && parameter.Learnable, $"{entry.Key}: {parameter}");
            }
        }
    }

    private static Dictionary<string, float[]> Moved(ModelGraph graph, Tensor x)
    {
        using var executor = new GraphExecutor(graph);
        using var outputs = executor.Train(x, step: 0);
        executor.WriteTo(graph);
        var norms = graph.Nodes.Where(node => node.Operation == "BatchNormalization").ToList();
        return norms.SelectMany((norm, i) => norm.Inputs.Skip(3).Select((name, j) => ($"norm {i}, statistic {j}", graph.FindInitializer(name)!.Data.AsSpan<float>().ToArray()))).ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);
    }

    private static ModelGraph Norms(string first, string second)
    {
        var sketch = new Sketch().Input("x", Dimension.Named("n"), 3, 4, 4).Weight("w1", 4, 3, 1, 1).Weight("w2", 4, 4, 1, 1).Weight("fw", 4, 3);
        string[] parameters = [.. first.Split(',').Concat(second.Split(','))];
        for (int i = 0; i < parameters.Length; i++)
        {
            if (sketch.Graph.FindInitializer(parameters[i]) is null)
            {
                bool one = i % 4 is 0 or 3;
                sketch.Constant(parameters[i], TensorData.Create<float>(one ? [1, 1, 1, 1] : [0, 0, 0, 0], 4), trainable: i % 4 < 2);
            }
        }

        return sketch.Node("Conv", "x,w1", "c1").Node("BatchNormalization", $"c1,{first}", "n1").Node("Relu", "n1", "r1").Node("Conv", "r1,w2", "c2").Node("BatchNormalization", $"c2,{second}", "n2")
            .Node("GlobalAveragePool", "n2", "p").Node("Flatten", "p", "f").Node("MatMul", "f,fw", "y").Output("y", Dimension.Named("n"), 3).Graph;
    }

    /// <summary>Pictures are normalized, a convolution makes tokens, positions are added, a layer is written as MatMul and Add.</summary>
    private static ModelGraph Transformer() => new Sketch().Input("x", Dimension.Named("n"), 3, 4, 4).Floats("mean", [1, 3, 1, 1], 0.4f, 0.5f, 0.6f).Floats("half", [], 0.5f).Longs("tokens", 0, 4, 16).Longs("axes", 2)
        .Weight("conv", 4, 3, 3, 3).Weight("slope", 4, 1, 1).Weight("gamma", 4, 1, 1).Weight("pos", 1, 16, 4).Weight("lin", 4, 4).Weight("lin.bias", 4).Weight("fc", 4, 3).Weight("fc.bias", 1, 3)
        .Node("Sub", "x,mean", "centered").Node("Conv", "centered,conv", "c", ("pads", new IntsValue([1, 1, 1, 1]))).Node("PRelu", "c,slope", "p").Node("Mul", "p,gamma", "g").Node("Reshape", "g,tokens", "r").Node("Transpose", "r", "t", ("perm", new IntsValue([0, 2, 1])))
        .Node("Add", "t,pos", "e").Node("MatMul", "e,lin", "l").Node("Add", "lin.bias,l", "lb").Node("Mul", "lb,half", "h").Node("ReduceMean", "h", "m", ("axes", new IntsValue([1])), ("keepdims", new IntValue(0))).Node("Gemm", "m,fc,fc.bias", "y").Output("y", Dimension.Named("n"), 3).Graph;

    /// <summary>The graph as another tool's file, read again: no flag is left.</summary>
    private static ModelGraph Read(ModelGraph graph) => OnnxFile.Load(ForeignFile.Write(graph));
}
