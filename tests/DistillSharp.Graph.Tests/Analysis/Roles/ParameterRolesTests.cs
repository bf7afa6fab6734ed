using DistillSharp.Graph.Analysis.Roles;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Tests.Format;
using static DistillSharp.Graph.Tests.Format.ForeignModel;

namespace DistillSharp.Graph.Tests.Analysis.Roles;

/// <summary>What a file from elsewhere learns, told from its nodes. The layers are written as exporters write them; x is the input, W a matrix of each layer.</summary>
public sealed class ParameterRolesTests
{
    /// <summary>Nodes, one a line: operator, inputs, output. The parameter in question is p. What follows the first layer is h, and a last layer reads t.</summary>
    public static TheoryData<string, string, long[], ParameterRole?> Cases => new()
    {
        // Biases behind a layer, in the shapes that exporters give them, on either side of the sum.
        { "a bias", "Add h,p t", [3], ParameterRole.Bias },
        { "a bias on the left", "Add p,h t", [3], ParameterRole.Bias },
        { "a bias of a row", "Add h,p t", [1, 3], ParameterRole.Bias },
        { "a bias of a map", "Add h,p t", [1, 3, 1, 1], ParameterRole.Bias },
        { "a bias taken away", "Sub h,p t", [3], ParameterRole.Bias },
        { "a bias in a sum of several", "Sum h,p,h t", [3], ParameterRole.Bias },
        { "a bias behind the last layer", "MatMul h,W2 l;Add l,p t", [3], ParameterRole.Bias },
        { "a bias behind a reshaped layer", "Reshape h,shape r;Add r,p t", [3], ParameterRole.Bias },
        { "a bias far from a layer", "Relu h r;Add r,p t", [3], ParameterRole.Bias },
        { "a bias behind the token's Unsqueeze", "Unsqueeze p,axes u;Add h,u t", [3], ParameterRole.Bias },
        { "a bias behind a Cast", "Cast p u;Add h,u t", [3], ParameterRole.Bias },

        // Scales.
        { "a LayerScale", "Mul h,p t", [3], ParameterRole.Scale },
        { "a LayerScale of maps", "Mul p,h t", [3, 1, 1], ParameterRole.Scale },
        { "a scale that divides", "Div h,p t", [3], ParameterRole.Scale },
        { "slopes", "PRelu h,p t", [3, 1, 1], ParameterRole.Scale },
        { "one slope", "PRelu h,p t", [1], ParameterRole.Scale },
        { "the scale of a written-out LayerNorm", "ReduceMean h m;Sub h,m c;Pow c,two q;ReduceMean q v;Add v,eps e;Sqrt e s;Div c,s n;Mul n,p t", [3], ParameterRole.Scale },
        { "the bias of a written-out LayerNorm", "ReduceMean h m;Sub h,m c;Pow c,two q;ReduceMean q v;Add v,eps e;Sqrt e s;Div c,s n;Mul n,g o;Add o,p t", [3], ParameterRole.Bias },
        { "the scale of a written-out LayerNorm of maps", "ReduceMean h m;Sub h,m c;Div c,h n;Mul n,p t", [3, 4, 4], ParameterRole.Scale },
        { "the bias of a written-out LayerNorm of maps", "ReduceMean h m;Sub h,m c;Div c,h n;Add n,p t", [3, 4, 4], ParameterRole.Bias },
        { "the scale of a written-out RMSNorm", "Mul h,h q;ReduceMean q v;Sqrt v s;Reciprocal s i;Mul h,i n;Mul n,p t", [3], ParameterRole.Scale },
        { "the scale of a written-out norm over the input", "ReduceMean x m;Sub x,m c;Div c,x n;Mul n,p o;MatMul o,W2 t", [3], ParameterRole.Scale },

        // Weights behind what changes their layout.
        { "a transposed weight", "Transpose p u;MatMul h,u t", [3, 3], ParameterRole.Weight },
        { "a reshaped weight", "Reshape p,shape u;MatMul h,u t", [9], ParameterRole.Weight },
        { "a weight behind an Identity", "Identity p u;MatMul h,u t", [3, 3], ParameterRole.Weight },
        { "a weight of an Einsum", "Einsum h,p t", [3, 3], ParameterRole.Weight },
        { "a weight joined of pieces", "Concat p,W u;MatMul h,u t", [3, 3], ParameterRole.Weight },
        { "the direction of a normalized weight", "ReduceL2 p n;Div p,n d;Mul d,g u;MatMul h,u t", [3, 3], ParameterRole.Weight },
        { "the length of a normalized weight", "ReduceL2 W n;Div W,n d;Mul d,p u;MatMul h,u t", [3, 1], ParameterRole.Scale },
        { "a weight rounded while it runs", "QuantizeLinear p,one q;DequantizeLinear q,one u;MatMul h,u t", [3, 3], ParameterRole.Weight },

        // Tables and positions.
        { "a table of tokens", "Gather p,x t", [9, 3], ParameterRole.Embedding },
        { "a position embedding", "Add h,p t", [1, 4, 3], ParameterRole.Embedding },
        { "a position embedding cut to length", "Shape h n;Slice p,zero,n u;Add h,u t", [1, 9, 3], ParameterRole.Embedding },
        { "a position embedding for the batch", "Shape h n;Expand p,n u;Add h,u t", [1, 4, 3], ParameterRole.Embedding },
        { "a position embedding looked up by place", "Gather p,places u;Add h,u t", [9, 3], ParameterRole.Embedding },
        { "a class token", "Shape h n;Expand p,n u;Concat u,h t", [1, 1, 3], ParameterRole.Embedding },

        // Constants.
        { "the mean of the pictures", "Sub x,p o;MatMul o,W2 t", [1, 3, 1, 1], null },
        { "the deviation of the pictures", "Div x,p o;MatMul o,W2 t", [1, 3, 1, 1], null },
        { "the deviation of the pictures, behind a turn", "Transpose x o;Mul o,p q;MatMul q,W2 t", [3], null },
        { "half of GELU", "Mul h,p t", [], null },
        { "the one of GELU", "Erf h e;Add e,p f;Mul h,f t", [1], null },
        { "the scale of attention", "MatMul h,h a;Mul a,p t", [1], null },
        { "an epsilon", "ReduceMean h v;Add v,p e;Sqrt e t", [1], null },
        { "an epsilon a channel", "ReduceMean h v;Add v,p e;Sqrt e t", [3], null },
        { "an exponent", "Pow h,p t", [], null },
        { "a bound", "Clip h,p t", [], null },
        { "a bound a channel", "Min h,p t", [3], null },
        { "the cosines of a rotary embedding", "Mul h,p t", [1, 1, 4, 3], null },
        { "the variance of a written-out BatchNorm", "Add p,eps e;Sqrt e s;Div h,s t", [3], null },
        { "the mean of a written-out BatchNorm", "Add var,eps e;Sqrt e s;Sub h,p c;Div c,s t", [3], null },
        { "what a class's number is multiplied with behind the last layer", "MatMul h,W2 l;Relu l r;Mul r,p y", [3], null },
        { "anchors behind the last layer", "MatMul h,W2 l;Add l,p y", [1, 2, 8], null },
        { "a number that only a function sees", "Exp p e;Mul h,e t", [3], null },
        { "what nothing reads", "Relu h t", [3], null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_parameter_is_told_by_what_the_nodes_do_with_it(string what, string nodes, long[] shape, ParameterRole? role)
    {
        var graph = Net(nodes, Floats("p", shape));

        var found = ParameterRoles.Of(graph).Find("p")!;

        Assert.True(found.Learnable == role is not null && (role is null || found.Role == role), $"{what}: {found}");
        Assert.Equal(role is not null, graph.FindInitializer("p")!.Trainable);
        Assert.NotEmpty(found.Reason);
    }

    [Theory]
    [InlineData(0f, float.NegativeInfinity, "Add h,p t")]
    [InlineData(0f, -10000f, "Add h,p t")]
    [InlineData(0f, 1f, "Mul h,p t")]
    [InlineData(0f, 0f, "Concat h,p t")]
    public void Masks_and_padding_are_constants(float one, float other, string nodes)
    {
        var mask = new TensorProto { Name = "p", DataType = 1 };
        mask.Dims.Add(4);
        mask.FloatData.AddRange([one, other, one, other]);

        Assert.False(Net(nodes, mask).FindInitializer("p")!.Trainable);
    }

    [Fact]
    public void Ones_and_zeros_alone_are_fresh_scales_and_biases_and_train()
    {
        foreach (float number in new[] { 0f, 1f, 1e-6f })
        {
            var fresh = new TensorProto { Name = "p", DataType = 1 };
            fresh.Dims.Add(4);
            fresh.FloatData.AddRange([number, number, number, number]);

            Assert.True(Net("Mul h,p t", fresh).FindInitializer("p")!.Trainable);
            Assert.True(Net("Add h,p t", fresh.Clone()).FindInitializer("p")!.Trainable);
        }
    }

    [Fact]
    public void The_bias_of_a_layer_with_one_feature_is_a_single_number_and_trains()
    {
        var graph = Net("MatMul h,W1 l;Add l,p y", Floats("p", 1), Floats("W1", 3, 1));

        Assert.Equal((ParameterRole.Bias, true), (ParameterRoles.Of(graph).Find("p")!.Role, graph.FindInitializer("p")!.Trainable));
    }

    [Fact]
    public void Statistics_are_not_learned_and_say_whose_they_are()
    {
        var found = ParameterRoles.Of(Net("BatchNormalization h,g,b,p,var t", Floats("p", 3))).Find("p")!;

        Assert.Equal((ParameterRole.Statistic, false), (found.Role, found.Learnable));
        Assert.Contains("BatchNormalization", found.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_weight_that_is_a_constant_node_makes_what_follows_weighted_too()
    {
        var constant = Node("Constant", [], "c").With(new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = Floats("", 3, 3) });

        var graph = Create(constant, Node("MatMul", ["x", "c"], "h"), Node("Add", ["h", "p"], "y")).With(Floats("p", 3)).Load();

        Assert.True(graph.FindInitializer("p")!.Trainable);
    }

    [Fact]
    public void In_our_own_file_a_statistic_is_never_trainable_whatever_its_flag()
    {
        var graph = Net("BatchNormalization h,g,b,p,var t", Floats("p", 3));
        graph.FindInitializer("p")!.Trainable = true;

        Assert.False(OnnxFile.Load(OnnxFile.Serialize(graph)).FindInitializer("p")!.Trainable);
    }

    [Fact]
    public void A_long_chain_of_sums_of_itself_costs_no_more_than_its_length()
    {
        var nodes = new List<NodeProto> { Node("Add", ["p", "p"], "c0") };
        for (int i = 1; i < 5000; i++)
        {
            nodes.Add(Node("Add", [$"c{i - 1}", $"c{i - 1}"], $"c{i}"));
        }

        nodes.Add(Node("MatMul", ["x", "c4999"], "y"));

        Assert.True(Create([.. nodes]).With(Floats("p", 3, 3)).Load().FindInitializer("p")!.Trainable);
    }

    private static ModelGraph Net(string nodes, params TensorProto[] parameters)
    {
        var all = new List<NodeProto> { Node("MatMul", ["x", "W"], "h") };
        foreach (string line in nodes.Split(';'))
        {
            string[] parts = line.Split(' ');
            all.Add(Node(parts[0], parts[1].Split(','), parts[2]));
        }

        if (!all.Exists(node => node.Output[0] == "y"))
        {
            all.Add(Node("MatMul", ["t", "W0"], "y"));
        }

        var read = all.SelectMany(node => node.Input).ToHashSet(StringComparer.Ordinal);
        TensorProto[] others = [Floats("W", 3, 3), Floats("W0", 3, 3), Floats("W2", 3, 3), Floats("g", 3), Floats("b", 3), Floats("var", 3), Floats("eps", 1), Floats("two", 1), Floats("one", 1), Longs("shape"), Longs("axes"), Longs("zero"), Longs("places")];
        return Create([.. all]).With(parameters).With([.. others.Where(other => read.Contains(other.Name))]).Load();
    }

    private static TensorProto Longs(string name)
    {
        var tensor = new TensorProto { Name = name, DataType = 7 };
        tensor.Dims.Add(1);
        tensor.Int64Data.Add(0);
        return tensor;
    }
}
