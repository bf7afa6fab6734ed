using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Tests.Format;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Golden;
using Google.Protobuf;
using static DistillSharp.Graph.Tests.Format.ForeignModel;

namespace DistillSharp.Graph.Tests.Analysis.Checking;

/// <summary>The rules that only a file can break: one crafted file for each.</summary>
public sealed class FileRulesTests
{
    [Fact]
    public void A_good_file_has_no_problem() => Assert.Empty(Check(Good()));

    [Fact]
    public void A_file_of_another_kind_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("cut.onnx", Good().ToByteArray()[..40]);

        Assert.StartsWith($"'{path}' cannot be read as an ONNX model: the file is truncated", Assert.Throws<GraphException>(() => GraphChecker.CheckFile(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Golden")]
    public void What_ONNX_publishes_is_valid()
    {
        string[] paths = [.. GoldenFiles.Of("onnx-node", "model.onnx", SearchOption.AllDirectories), .. GoldenFiles.Of("onnx-models", "*.onnx")];
        var wrong = paths.SelectMany(path => GraphChecker.CheckFile(path).Where(problem => problem.IsError).Select(problem => $"{path}: {problem}")).ToList();

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Theory]
    [InlineData(0, "The file names no version of the format (ir_version).")]
    [InlineData(99, "The file is of version 99 of the format (ir_version); 13 is the newest that is known.")]
    [InlineData(2, "The file is of version 2 of the format (ir_version), which knows no operator sets, but names 1.")]
    public void A_format_that_is_not_published_is_named(long version, string expected) => Finds(expected, model => model.IrVersion = version);

    [Fact]
    public void A_format_older_than_the_operator_set_is_a_warning()
    {
        var problem = Assert.Single(Check(Good(model => model.IrVersion = 7)));

        Assert.False(problem.IsError);
        Assert.Equal("The file is of version 7 of the format (ir_version), but operator set 17 came with version 8.", problem.Message);
    }

    [Fact]
    public void A_domain_named_twice_is_named_with_both_versions() =>
        Finds("The file names the domain 'ai.onnx' 2 times, with the operator sets 17, 13; each is named once.", model => model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx", Version = 13 }));

    [Fact]
    public void A_domain_of_which_nothing_is_used_is_a_warning()
    {
        var problem = Assert.Single(Check(Good(model => model.OpsetImport.Add(new OperatorSetIdProto { Domain = "org.example", Version = 2 }))));

        Assert.Equal("warning: The file names operator set 2 of the domain 'org.example', of which it uses nothing.", problem.ToString());
    }

    [Fact]
    public void No_operator_set_no_graph_and_no_name_are_told()
    {
        Finds("The file names no operator set.", model => model.OpsetImport.Clear());
        Finds("The file holds no graph.", model => model.Graph = null);
        Finds("The graph has no name.", model => model.Graph.Name = "");
    }

    [Fact]
    public void Metadata_told_twice_is_named() => Finds("The metadata holds the key 'author' 2 times; each is told once.", model => model.MetadataProps.AddRange([Entry("author", "a"), Entry("author", "b")]));

    [Fact]
    public void Names_listed_twice_are_named()
    {
        Finds("The input 'x' is listed twice.", model => model.Graph.Input.Add(model.Graph.Input[0].Clone()));
        Finds("The initialiser 'w' is listed twice.", model => model.Graph.Initializer.Add(Floats("w", 3)));
        Finds("An initialiser has no name.", model => model.Graph.Initializer.Add(Floats("", 3)));
        Finds("An input has no name.", model => model.Graph.Input.Add(Value("", 1)));
        Finds("A value has no name.", model => model.Graph.ValueInfo.Add(Value("", 1)));
    }

    [Fact]
    public void Initialisers_of_an_old_file_must_be_inputs()
    {
        Finds("The initialiser 'w' is no input; a file of version 3 of the format (ir_version) lists each initialiser among its inputs.", model => (model.IrVersion, model.OpsetImport[0].Version) = (3, 8));
        Assert.Empty(Check(Good(model =>
        {
            (model.IrVersion, model.OpsetImport[0].Version) = (3, 8);
            model.Graph.Input.Add(Value("w", 3));
        })));
    }

    [Fact]
    public void A_declaration_without_a_type_is_named()
    {
        Finds("The input 'x' has no type.", model => model.Graph.Input[0].Type = null);
        Finds("The output 'y' has no type.", model => model.Graph.Output[0].Type = new());
        Finds("The output 'y' is a tensor of no element type.", model => model.Graph.Output[0].Type.TensorType.ElemType = 0);
        Finds("The input 'x' is a sequence that does not tell what it holds.", model => model.Graph.Input[0].Type = new() { SequenceType = new() });
        Finds("The input 'x' is a map that does not tell what it holds.", model => model.Graph.Input[0].Type = new() { MapType = new() { KeyType = 7 } });
        Finds("The input 'x' is an optional that does not tell what it holds.", model => model.Graph.Input[0].Type = new() { OptionalType = new() });
    }

    [Fact]
    public void A_declaration_that_contradicts_the_nodes_is_named() =>
        Finds("The value 'a' is declared as a: Float32 [5], but is a: Float32 [2, 3].", model => model.Graph.ValueInfo.Add(Value("a", 5)));

    [Fact]
    public void Nodes_out_of_order_are_named()
    {
        Finds("Relu 'relu_of_y' reads 'a' before it is made; nodes must be in topological order.", model => model.Graph.Node.Add(Take(model, 0)));
        Finds("Add 'add_of_a' reads 'nowhere', which nothing makes.", model => model.Graph.Node[0].Input[1] = "nowhere");
        Finds("Relu 'relu_of_y' makes 'a', which exists already; each value is made once, in subgraphs too.", model => model.Graph.Node[1].Output[0] = "a");
        Finds("The node 'relu_of_y' names no operator.", model => model.Graph.Node[1].OpType = "");
    }

    [Fact]
    public void What_only_the_reader_finds_is_told_too() => Finds("The output 'z' is made by no node.", model => model.Graph.Output.Add(Value("z")));

    internal static ModelProto Good(Action<ModelProto>? damage = null)
    {
        var model = Create(Node("Add", ["x", "w"], "a"), Node("Relu", ["a"], "y")).With(Floats("w", 3));
        model.Graph.Output[0] = Value("y", 2, 3);
        damage?.Invoke(model);
        return model;
    }

    internal static IReadOnlyList<GraphProblem> Check(ModelProto model) => GraphChecker.CheckFile(model.ToByteArray());

    internal static void Finds(string expected, Action<ModelProto> damage)
    {
        var found = Check(Good(damage));
        Assert.True(found.Any(problem => problem.IsError && problem.Message == expected), $"Not found: {expected}\nFound: {string.Join("\n", found)}");
    }

    private static NodeProto Take(ModelProto model, int index)
    {
        var node = model.Graph.Node[index];
        model.Graph.Node.RemoveAt(index);
        return node;
    }

    private static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };
}
