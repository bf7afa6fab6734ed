using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Tests.Zoo;
using DistillSharp.TestKit.Golden;

namespace DistillSharp.Graph.Tests.Analysis.Checking;

/// <summary>One crafted graph for each rule; each problem names its node or value.</summary>
public sealed class GraphCheckerTests
{
    public static TheoryData<string> Models => [.. ModelZoo.Factories.Keys];

    [Fact]
    public void A_good_graph_has_no_problem() => Assert.Empty(GraphChecker.Check(Good()));

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_model_of_the_zoo_is_valid_as_it_is_written(string key)
    {
        var graph = ModelZoo.Build(key);

        Assert.Empty(GraphChecker.Check(graph));
        Assert.Empty(GraphChecker.Check(OnnxFile.Load(OnnxFile.Serialize(graph))));
    }

    [Fact]
    [Trait("Category", "Golden")]
    public void What_ONNX_publishes_is_valid()
    {
        string[] paths = [.. GoldenFiles.Of("onnx-node", "model.onnx", SearchOption.AllDirectories), .. GoldenModels.Light];
        var wrong = paths.SelectMany(path => GraphChecker.Check(OnnxFile.Load(path)).Select(problem => $"{path}: {problem}")).ToList();

        TestContext.Current.TestOutputHelper?.WriteLine($"{paths.Length} golden files checked");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public void A_value_made_twice_is_named() => Finds("Relu 'again' makes 'a', which exists already", graph => graph.Nodes.Insert(1, new("Relu", ["x"], ["a"], "again")));

    [Fact]
    public void A_value_that_hides_an_input_is_named() => Finds("makes 'x', which exists already", graph => graph.Nodes.Add(new("Relu", ["a"], ["x"])));

    [Fact]
    public void An_undefined_input_is_named() => Finds("Conv 'conv' reads 'nowhere', which nothing makes", graph => graph.Nodes[0].Inputs[1] = "nowhere");

    [Fact]
    public void A_node_before_what_it_reads_is_named() => Finds("Relu 'relu' reads 'a' before it is made", graph => (graph.Nodes[0], graph.Nodes[1]) = (graph.Nodes[1], graph.Nodes[0]));

    [Fact]
    public void A_cycle_is_named() => Finds("reads 'y', which depends on it: a cycle", graph => graph.Nodes[0].Inputs[0] = "y");

    [Fact]
    public void An_output_that_nothing_makes_is_named() => Finds("The output 'z' is made by no node", graph => graph.Outputs.Add(new("z", ElementType.Float32, null)));

    [Fact]
    public void A_graph_without_outputs_is_refused() => Finds("no outputs", graph => graph.Outputs.Clear());

    [Fact]
    public void Names_listed_twice_are_named()
    {
        Finds("The input 'x' is listed twice", graph => graph.Inputs.Add(graph.Inputs[0]));
        Finds("The output 'y' is listed twice", graph => graph.Outputs.Add(graph.Outputs[0]));
        Finds("The initialiser 'x' has the name of an input", graph => graph.Add(new("x", TensorData.Create<float>([1]), false)));
    }

    [Fact]
    public void Nodes_of_one_name_are_a_warning_only()
    {
        var graph = Good();
        graph.Nodes[1].Name = "conv";

        var problem = Assert.Single(GraphChecker.Check(graph));

        Assert.False(problem.IsError);
        Assert.Contains("2 nodes are named 'conv'", problem.Message, StringComparison.Ordinal);
        GraphChecker.Require(graph);
    }

    [Fact]
    public void A_domain_without_an_operator_set_is_named()
    {
        Finds("of the domain 'org.example'", graph => graph.Nodes[1].Domain = "org.example");

        var declared = Good();
        declared.Nodes[1].Domain = "org.example";
        declared.OtherOpsets["org.example"] = 1;
        Assert.Empty(GraphChecker.Check(declared));
    }

    [Fact]
    public void An_operator_set_out_of_range_is_named() => Finds("operator set 6", graph => graph.Opset = 6);

    [Fact]
    public void An_operator_newer_than_the_graph_is_named() =>
        Finds("Mish 'relu' is of an operator that came with operator set 18; the graph is for 17", graph => graph.Nodes[1].Operation = "Mish");

    [Fact]
    public void An_operator_that_was_taken_back_is_named() => Finds("operator set 10 took back", graph => graph.Nodes[1].Operation = "Upsample");

    [Fact]
    public void An_operator_that_ONNX_does_not_have_is_named()
    {
        Finds("Frobnicate 'relu' is of an operator that ONNX does not have up to operator set 21. An operator of one's own needs a domain of its own.", graph => graph.Nodes[1].Operation = "Frobnicate");
        Finds("Rellu 'relu' is of an operator that ONNX does not have up to operator set 21; did the exporter mean Relu?", graph => graph.Nodes[1].Operation = "Rellu");
    }

    [Fact]
    public void Operators_of_texts_sequences_and_optional_values_are_held_to_their_rules()
    {
        Finds("SequenceAt 'relu' has 1 inputs; SequenceAt takes 2.", graph => graph.Nodes[1].Operation = "SequenceAt");
        Finds("OptionalGetElement 'relu' has the attribute 'type', which OptionalGetElement does not have", graph => (graph.Nodes[1].Operation, graph.Nodes[1].Attributes["type"]) = ("OptionalGetElement", new IntValue(1)));
        Finds("The attribute 'stopwords' of StringNormalizer 'relu' is a IntValue; it must be a list of texts", graph => (graph.Nodes[1].Operation, graph.Nodes[1].Attributes["stopwords"]) = ("StringNormalizer", new IntValue(1)));
    }

    [Fact]
    public void An_output_that_is_always_made_is_not_left_out() => Finds("TopK 'top' leaves out output 0, which TopK always makes.", graph =>
    {
        graph.Add(new("k", TensorData.Create<long>([1], 1), false));
        graph.Nodes.Add(new("TopK", ["y", "k"], ["", "indices"], "top"));
    });

    [Theory]
    [InlineData("Relu", 13, ElementType.Int64, 0, "floats")]
    [InlineData("Conv", 17, ElementType.Float32, 1, "floats")]
    [InlineData("Reshape", 17, ElementType.Float32, 1, "Int64")]
    [InlineData("Gather", 17, ElementType.Float32, 1, "Int32 or Int64")]
    [InlineData("Not", 17, ElementType.Float32, 0, "Bool")]
    [InlineData("Neg", 17, ElementType.Bool, 0, "numbers")]
    [InlineData("QuantizeLinear", 17, ElementType.Float32, 2, "integers")]
    public void A_type_that_the_operator_does_not_take_is_named(string operation, int opset, ElementType type, int input, string words)
    {
        var graph = new ModelGraph { Opset = opset };
        string[] inputs = ["f0", "f1", "f2"];
        foreach (string name in inputs)
        {
            var other = operation is "Conv" && name == "f1" ? ElementType.Int64 : operation is "Relu" or "Not" or "Neg" or "Reshape" or "Gather" ? type : ElementType.Float32;
            graph.Inputs.Add(new(name, other, null));
        }

        graph.Nodes.Add(new(operation, inputs[..(input + 1)], ["y"], "it"));
        graph.Outputs.Add(new("y", ElementType.Undefined, null));

        Assert.Contains(GraphChecker.Check(graph), problem => problem.IsError && problem.Message.EndsWith($"as its input {input}; {operation} takes {words} there in operator set {opset}.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_type_that_a_later_operator_set_takes_is_valid_from_then_on()
    {
        var graph = new ModelGraph { Opset = 14 };
        graph.Inputs.Add(new("x", ElementType.Int64, [2]));
        graph.Nodes.Add(new("Relu", ["x"], ["y"], "it"));
        graph.Outputs.Add(new("y", ElementType.Int64, [2]));

        Assert.Empty(GraphChecker.Check(graph));
    }

    [Fact]
    public void A_long_cycle_is_found_in_a_walk_of_its_own_length()
    {
        var graph = new ModelGraph();
        graph.Inputs.Add(new("x", ElementType.Float32, [1]));
        graph.Outputs.Add(new("v0", ElementType.Float32, [1]));
        for (int i = 50_000; i >= 0; i--)
        {
            graph.Nodes.Add(new("Add", ["x", $"v{i + 1}"], [$"v{i}"], $"n{i}"));
        }

        graph.Nodes[0].Inputs[1] = "v0";

        Assert.Contains(GraphChecker.Check(graph), problem => problem.Message == "Add 'n50000' reads 'v0', which depends on it: a cycle.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Too_few_or_too_many_inputs_are_counted(int count) => Finds($"Conv 'conv' has {count} inputs; Conv takes 2 to 3", graph =>
    {
        graph.Nodes[0].Inputs.Clear();
        for (int i = 0; i < count; i++)
        {
            graph.Nodes[0].Inputs.Add(i == 1 ? "w" : "x");
        }
    });

    [Fact]
    public void A_required_input_left_out_is_named() => Finds("leaves out input 0, which Conv requires", graph => graph.Nodes[0].Inputs[0] = "");

    [Fact]
    public void Too_many_outputs_are_counted() => Finds("Relu 'relu' has 2 outputs; Relu makes 1", graph => graph.Nodes[1].Outputs.Add("more"));

    [Fact]
    public void A_node_that_makes_nothing_is_named() => Finds("Relu 'idle' makes nothing", graph => graph.Nodes.Add(new("Relu", ["a"], [""], "idle")));

    [Fact]
    public void An_attribute_of_another_kind_is_named() => Finds("The attribute 'strides' of Conv 'conv' is a IntValue; it must be a list of integers", graph => graph.Nodes[0].Attributes["strides"] = new IntValue(1));

    [Fact]
    public void An_attribute_that_the_operator_has_not_is_named() => Finds("has the attribute 'alpha'", graph => graph.Nodes[1].Attributes["alpha"] = new FloatValue(1));

    [Fact]
    public void A_required_attribute_left_out_is_named() => Finds("Concat 'relu' lacks the attribute 'axis'", graph => graph.Nodes[1].Operation = "Concat");

    [Fact]
    public void Types_that_do_not_mix_are_named() => Finds("The inputs of Add 'sum' must be of one type; they are 'y' Float32, 'ids' Int64", graph =>
    {
        graph.Add(new("ids", TensorData.Create<long>([1]), false));
        graph.Nodes.Add(new("Add", ["y", "ids"], ["s"], "sum"));
    });

    [Fact]
    public void Shapes_that_contradict_an_operator_are_named() => Finds("Conv 'conv': the filter does not fit the input", graph => graph.FindInitializer("w")!.Data = TensorData.Create<float>(new float[8], 2, 4, 1, 1));

    [Fact]
    public void A_declaration_of_another_shape_or_type_is_named()
    {
        Finds("The output 'y' is declared as y: Float32 [1, 2, 4, 5], but is y: Float32 [1, 2, 4, 4]", graph => graph.Outputs[0] = new("y", ElementType.Float32, [1, 2, 4, 5]));
        Finds("The output 'y' is declared as y: Int64", graph => graph.Outputs[0] = graph.Outputs[0] with { Type = ElementType.Int64 });
        Finds("The value 'a' is declared as a: Float32 [1, 2]", graph => graph.KnownValues["a"] = new("a", ElementType.Float32, [1, 2]));
        Finds("The value 'w' is declared as w: Float32 [7]", graph => graph.KnownValues["w"] = new("w", ElementType.Float32, [7]));
        Finds("The input 'x' has no type", graph => graph.Inputs[0] = graph.Inputs[0] with { Type = ElementType.Undefined });
    }

    [Fact]
    public void Every_problem_is_listed_at_once()
    {
        var graph = Good();
        graph.Nodes[0].Inputs[1] = "nowhere";
        graph.Nodes[1].Attributes["alpha"] = new FloatValue(1);
        graph.Outputs.Add(new("z", ElementType.Float32, null));

        Assert.Equal(3, GraphChecker.Check(graph).Count);
        string message = Assert.Throws<GraphException>(() => GraphChecker.Require(graph)).Message;
        Assert.All(["'nowhere'", "'alpha'", "'z'"], part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    private static void Finds(string expected, Action<ModelGraph> damage) => Assert.Contains(Broken(damage), problem => problem.IsError && problem.Message.Contains(expected, StringComparison.Ordinal));

    private static IReadOnlyList<GraphProblem> Broken(Action<ModelGraph> damage)
    {
        var graph = Good();
        damage(graph);
        return GraphChecker.Check(graph);
    }

    private static ModelGraph Good()
    {
        var graph = new ModelGraph();
        graph.Inputs.Add(new("x", ElementType.Float32, [1, 3, 4, 4]));
        graph.Add(new("w", TensorData.Create<float>(new float[6], 2, 3, 1, 1), trainable: true));
        graph.Nodes.Add(new("Conv", ["x", "w"], ["a"], "conv"));
        graph.Nodes.Add(new("Relu", ["a"], ["y"], "relu"));
        graph.Outputs.Add(new("y", ElementType.Float32, [1, 2, 4, 4]));
        return graph;
    }
}
