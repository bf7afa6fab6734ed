using DistillSharp.Graph;
using DistillSharp.Graph.Passes;

namespace DistillSharp.Runtime.Tests.Passes;

public sealed class ConstantFoldingPassTests
{
    private static readonly GraphPass s_pass = ConstantFoldingPass.Default;

    [Fact]
    public void Shape_arithmetic_of_a_known_shape_is_worked_out()
    {
        var graph = new TestGraph().Input("x", 2, 3, 4).Longs("one", 1).Longs("minus", -1)
            .Node("Shape", ["x"], ["shape"]).Node("Gather", ["shape", "one"], ["channels"]).Node("Mul", ["channels", "one"], ["same"])
            .Node("Concat", ["minus", "same"], ["target"], ("axis", new IntValue(0))).Node("Reshape", ["x", "target"], ["y"]).Output("y").Graph;

        var result = PassAssert.Keeps(graph, s_pass, 0);

        Assert.Equal(["Reshape"], result.Graph.Nodes.Select(node => node.Operation));
        Assert.Equal([-1L, 3], result.Graph.FindInitializer("target")!.Data.AsSpan<long>().ToArray());
        Assert.Equal(["target"], result.Graph.Initializers.Select(initializer => initializer.Name));
    }

    [Fact]
    public void A_weight_made_of_its_shape_becomes_a_trainable_weight()
    {
        var graph = new TestGraph().Input("x", 1, 2, 4, 4).Longs("size", 3, 2, 1, 1)
            .Node("ConstantOfShape", ["size"], ["w"], ("value", new TensorValue(TensorData.Create<float>([0.25f], 1)))).Node("Conv", ["x", "w"], ["y"]).Output("y").Graph;

        var result = PassAssert.Keeps(graph, s_pass, 0).Graph;

        Assert.True(result.FindInitializer("w")!.Trainable);
        Assert.Equal([3L, 2, 1, 1], result.FindInitializer("w")!.Data.Shape);
    }

    [Fact]
    public void A_value_too_large_stays_and_a_weight_may_be_larger()
    {
        var graph = new TestGraph().Input("x", 1, 2, 4, 4).Longs("size", 3, 2, 1, 1).Longs("big", 1, 3, 4, 4)
            .Node("ConstantOfShape", ["size"], ["w"], ("value", new TensorValue(TensorData.Create<float>([0.25f], 1)))).Node("Conv", ["x", "w"], ["c"])
            .Node("ConstantOfShape", ["big"], ["b"], ("value", new TensorValue(TensorData.Create<float>([2f], 1)))).Node("Add", ["c", "b"], ["y"]).Output("y").Graph;

        var result = PassAssert.Keeps(graph, new ConstantFoldingPass(new() { MaxElements = 5 }), 0).Graph;

        Assert.Equal(["Conv", "ConstantOfShape", "Add"], result.Nodes.Select(node => node.Operation));
    }

    [Fact]
    public void A_trainable_weight_that_is_transposed_stays_unless_the_model_is_only_run()
    {
        var graph = new TestGraph().Input("x", 2, 3).Weight("w", 5, 3).Node("Transpose", ["w"], ["t"]).Node("MatMul", ["x", "t"], ["y"]).Output("y").Graph;

        Assert.Equal(2, PassAssert.Keeps(graph, s_pass, 0).Graph.Nodes.Count);
        Assert.Single(PassAssert.Keeps(graph, new ConstantFoldingPass(new() { FoldTrainable = true }), 0).Graph.Nodes);
    }

    public static TheoryData<string, string[], string> Expressions => new()
    {
        // operator, inputs as type:shape, attributes as name=int or name=int,int
        { "Add", ["l:2,1,3", "l:4,1"], "" },
        { "Sub", ["f:2,3", "f:3"], "" },
        { "Mul", ["f:2,3", "f:"], "" },
        { "Div", ["n:7", "n:7"], "" },
        { "Div", ["f:5", "f:5"], "" },
        { "Mod", ["n:9", "n:9"], "" },
        { "Mod", ["n:9", "n:9"], "fmod=1" },
        { "Pow", ["l:4", "l:4"], "" },
        { "Min", ["f:3,1", "f:2", "f:"], "" },
        { "Max", ["l:3,1", "l:2"], "" },
        { "Equal", ["l:4", "l:4"], "" },
        { "Less", ["f:4,1", "f:3"], "" },
        { "GreaterOrEqual", ["l:4,1", "l:3"], "" },
        { "And", ["b:4,1", "b:3"], "" },
        { "Xor", ["b:8", "b:8"], "" },
        { "Not", ["b:6"], "" },
        { "Neg", ["n:6"], "" },
        { "Abs", ["n:6"], "" },
        { "Sign", ["n:6"], "" },
        { "Floor", ["g:6"], "" },
        { "Ceil", ["g:6"], "" },
        { "Round", ["g:6"], "" },
        { "Sqrt", ["p:6"], "" },
        { "Exp", ["f:6"], "" },
        { "Where", ["b:4,1", "l:3", "l:2,1,1"], "" },
        { "Cast", ["g:8"], "to=7" },
        { "Cast", ["n:8"], "to=1" },
        { "Cast", ["g:8"], "to=9" },
        { "Cast", ["n:8"], "to=3" },
        { "ReduceProd", ["n:2,3,2"], "axes=1,2" },
        { "ReduceSum", ["n:2,3,2", "=0"], "keepdims=0" },
        { "ReduceMax", ["f:2,3,2"], "axes=-1" },
        { "ReduceMin", ["n:2,3,2"], "" },
        { "Transpose", ["f:2,3,4"], "perm=2,0,1" },
        { "Reshape", ["f:2,3,4", "=0,-1"], "" },
        { "Flatten", ["f:2,3,4"], "axis=-1" },
        { "Squeeze", ["f:1,3,1"], "" },
        { "Squeeze", ["f:1,3,1", "=-1"], "" },
        { "Unsqueeze", ["f:3,4", "=-1,0"], "" },
        { "Gather", ["f:3,4", "=2,-1,0"], "axis=1" },
        { "Slice", ["f:5,6", "=1,-1", "=100,0", "=0,1", "=2,-2"], "" },
        { "Slice", ["f:5,6", "=-100,100", "=3,-100", "=0,1", "=1,-1"], "" },
        { "Slice", ["f:5,6", "=4", "=1"], "" },
        { "Expand", ["f:3,1", "=2,1,4"], "" },
        { "Tile", ["f:2,3", "=2,2"], "" },
        { "Concat", ["f:2,3", "f:2,1", "f:2,2"], "axis=1" },
        { "Shape", ["f:2,3,4"], "start=1" },
        { "Shape", ["f:2,3,4"], "start=-2,end=-1" },
        { "Size", ["f:2,3,4"], "" },
        { "Range", ["=s2", "=s11", "=s4"], "" },
        { "Range", ["=s7", "=s-2", "=s-3"], "" },
    };

    [Theory]
    [MemberData(nameof(Expressions))]
    public void A_folded_constant_is_what_ONNX_Runtime_computes(string operation, string[] inputs, string attributes)
    {
        // The output stays a node, so an Identity after the operator is it.
        var test = new TestGraph(opset: 17);
        var random = new Random(11);
        for (int i = 0; i < inputs.Length; i++)
        {
            test.Constant($"c{i}", Parse(inputs[i], random));
        }

        (string, AttributeValue)[] told = [.. Attributes(attributes)];
        test.Node(operation, [.. inputs.Select((_, i) => $"c{i}")], ["v"], told).Node("Identity", ["v"], ["y"]);
        test.Graph.Outputs.Add(new("y", Type(operation, inputs, attributes), null));
        foreach (var initializer in test.Graph.Initializers)
        {
            initializer.Trainable = false;
        }

        var result = s_pass.Apply(test.Graph);

        Assert.Equal(["Identity"], result.Graph.Nodes.Select(node => node.Operation));
        PassAssert.Same(SessionRun.Run(test.Graph, new Dictionary<string, TensorData>()), SessionRun.Run(result.Graph, new Dictionary<string, TensorData>()), operation == "Exp" ? 1e-6 : 0);
    }

    [Theory]
    [InlineData("Div", new long[] { 1, 2 }, new long[] { 0, 1 })]
    [InlineData("Mod", new long[] { 1, 2 }, new long[] { 0, 1 })]
    [InlineData("Gather", new long[] { 1, 2 }, new long[] { 2 })]
    [InlineData("Reshape", new long[] { 1, 2 }, new long[] { 3 })]
    [InlineData("Expand", new long[] { 1, 2 }, new long[] { 3 })]
    [InlineData("Pow", new long[] { 1, 2 }, new long[] { -1 })]
    public void What_is_not_defined_is_left_for_whoever_runs_it(string operation, long[] a, long[] b)
    {
        var graph = new TestGraph().Longs("a", a).Longs("b", b).Node(operation, ["a", "b"], ["v"]).Node("Identity", ["v"], ["y"]).Graph;
        graph.KnownValues["v"] = new("v", ElementType.Int64, null);

        ModelGraph folded;
        try
        {
            folded = s_pass.Apply(graph).Graph;
        }
        catch (GraphException)
        {
            return;
        }

        Assert.Contains(folded.Nodes, node => node.Operation == operation);
    }

    private static ElementType Type(string operation, string[] inputs, string attributes) => operation switch
    {
        "Equal" or "Less" or "GreaterOrEqual" or "And" or "Xor" or "Not" => ElementType.Bool,
        "Shape" or "Size" => ElementType.Int64,
        "Cast" => (ElementType)int.Parse(attributes[3..]),
        _ => inputs[operation == "Where" ? 1 : 0][0] is 'l' or 'n' or '=' ? ElementType.Int64 : ElementType.Float32,
    };

    private static TensorData Parse(string text, Random random)
    {
        if (text[0] == '=')
        {
            return text[1] == 's' ? TensorData.Create<long>([long.Parse(text[2..])]) : TensorData.Create<long>([.. text[1..].Split(',').Select(long.Parse)], text.Split(',').Length);
        }

        long[] shape = [.. text[2..].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];
        int count = (int)TensorData.CountOf(shape);
        return text[0] switch
        {
            'l' => PassAssert.Random(ElementType.Int64, shape, random),
            'n' => TensorData.Create<long>([.. Enumerable.Range(0, count).Select(_ => random.NextInt64(1, 9) * (random.Next(2) == 0 ? 1 : -1))], shape),
            'b' => PassAssert.Random(ElementType.Bool, shape, random),
            'g' => TensorData.Create<float>([.. Enumerable.Range(0, count).Select(i => (i - 3) * 0.5f)], shape),
            'p' => PassAssert.Random(ElementType.Float32, shape, random, 0.1, 4),
            _ => PassAssert.Random(ElementType.Float32, shape, random),
        };
    }

    private static IEnumerable<(string, AttributeValue)> Attributes(string text)
    {
        foreach (string part in text.Replace(",end", ";end", StringComparison.Ordinal).Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = part.Split('=');
            long[] values = [.. pair[1].Split(',').Select(long.Parse)];
            yield return (pair[0], pair[0] is "perm" or "axes" ? new IntsValue(values) : new IntValue(values[0]));
        }
    }
}
